import DNS

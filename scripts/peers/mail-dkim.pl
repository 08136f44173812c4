# Verifies every RSA signature of each message by Mail::DKIM, with keys from a master file.
# usage: mail-dkim.pl ZONE MESSAGE…; prints "MESSAGE SELECTOR pass|fail REASON" a signature.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Mail::DKIM::DNS;
use Net::DNS::Resolver::Mock;

my $zone = shift;
my $resolver = Net::DNS::Resolver::Mock->new;
open my $file, '<', $zone or die "$zone: $!";
$resolver->zonefile_parse(join '', <$file>);
Mail::DKIM::DNS::resolver($resolver);

for my $path (@ARGV) {
  open my $message, '<:raw', $path or die "$path: $!";
  my $verifier = Mail::DKIM::Verifier->new;
  local $/ = undef;
  $verifier->PRINT(<$message>);
  $verifier->CLOSE;
  for my $signature ($verifier->signatures) {
    next unless $signature->algorithm =~ /^rsa/;
    my $word = $signature->result eq 'pass' ? 'pass' : 'fail';
    print join(' ', $path, $signature->selector, $word, $signature->result_detail), "\n";
  }
}

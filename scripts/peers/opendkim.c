/* Verifies every DKIM-Signature of each message by libopendkim, with keys from a file.
 * usage: opendkim KEYFILE MESSAGE…; prints "MESSAGE SELECTOR pass|fail REASON" a signature. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <opendkim/dkim.h>

static void check(DKIM_LIB *library, const char *path)
{
	static unsigned char octets[8 << 20];
	FILE *file = fopen(path, "rb");
	if (file == NULL) { perror(path); exit(65); }
	size_t count = fread(octets, 1, sizeof octets, file);
	fclose(file);

	DKIM_STAT status;
	DKIM *dkim = dkim_verify(library, (unsigned char *) "id", NULL, &status);
	if (dkim == NULL) { fprintf(stderr, "dkim_verify: %d\n", status); exit(70); }
	dkim_chunk(dkim, octets, count);
	dkim_chunk(dkim, NULL, 0);
	dkim_eom(dkim, NULL);

	DKIM_SIGINFO **signatures;
	int number = 0;
	if (dkim_getsiglist(dkim, &signatures, &number) != DKIM_STAT_OK) number = 0;
	for (int index = 0; index < number; index++) {
		DKIM_SIGINFO *signature = signatures[index];
		dkim_sig_process(dkim, signature);
		bool passes = (dkim_sig_getflags(signature) & DKIM_SIGFLAG_PASSED) != 0
			&& dkim_sig_getbh(signature) == DKIM_SIGBH_MATCH;
		printf("%s %s %s %s\n", path, (char *) dkim_sig_getselector(signature),
			passes ? "pass" : "fail",
			passes ? "" : dkim_sig_geterrorstr(dkim_sig_geterror(signature)));
	}
	dkim_free(dkim);
}

int main(int count, char **arguments)
{
	if (count < 3) return 64;
	DKIM_LIB *library = dkim_init(NULL, NULL);
	dkim_query_t method = DKIM_QUERY_FILE;
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD, &method, sizeof method);
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, arguments[1], strlen(arguments[1]));
	for (int index = 2; index < count; index++) check(library, arguments[index]);
	dkim_close(library);
	return 0;
}

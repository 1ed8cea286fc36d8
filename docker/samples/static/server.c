/* A web application that is one static binary and nothing else, for DINP's binary base: it says who answers.
 * One process a connection, one answer a connection: enough for a sample. */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "1.0"
#endif

/* As the container's first process it must ask for SIGTERM, or the kernel drops it. */
static void end(int signal) {
  (void)signal;
  _exit(0);
}

static void answer(int client) {
  char request[4096], host[256] = "", body[512], response[1024];
  const char *app = getenv("APP_NAME");
  ssize_t length = read(client, request, sizeof request - 1);
  if (length <= 0) return;
  request[length] = '\0';
  gethostname(host, sizeof host - 1);
  if (strncmp(request, "GET /health ", 12) == 0) {
    snprintf(body, sizeof body, "ok\n");
  } else {
    snprintf(body, sizeof body, "Hello from %s %s on %s\n", app ? app : "static", VERSION, host);
  }
  int size = snprintf(response, sizeof response,
                      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                      strlen(body), body);
  if (write(client, response, size) < 0) perror("write");
}

int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 8080)};
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  signal(SIGTERM, end);
  signal(SIGCHLD, SIG_IGN);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0) {
    perror("listen");
    return 1;
  }
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    if (fork() == 0) {
      answer(client);
      shutdown(client, SHUT_WR);
      _exit(0);
    }
    close(client);
  }
}

# shellcheck shell=bash
# What the tests need on a machine: packages, images under a name of their own, and the variables that tell the tests.
# Needs steps.sh, packages.sh, engine.sh and images.sh.

# The tests' images have a cluster's tags like any installation's, so no `reset` takes them away.
testing_images() { DINP_CLUSTER=dinp-test images_ready; }

testing_packages() {
  packages_need javac=openjdk-17-jdk-headless mvn=maven git=git curl=curl jq=jq \
    mysql=default-mysql-client redis-cli=redis-tools chromium=chromium \
    gcc=gcc /usr/include/stdio.h=libc6-dev \
    ip=iproute2 ss=iproute2 nsenter=util-linux iptables=iptables htpasswd=apache2-utils perl=perl-base
}

# testing_environment: without Ryuk no helper image is needed, and the host override keeps Testcontainers from pulling one.
testing_environment() {
  local name
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  for name in base mysql redis registry binary gunicorn; do
    export "TEST_IMAGE_${name^^}=$(DINP_CLUSTER=dinp-test image_tag "$name")"
  done
}

#!/bin/sh
# Makes the certificates of the TLS tests, good until 2100: one root, and what it signed. The keys
# are public and worth nothing.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index"
cat > "$work/ca.conf" <<EOF
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = anything
copy_extensions = copy
[anything]
commonName = supplied
EOF

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

key "$work/root.key"
openssl req -new -key "$work/root.key" -subj "/CN=shoal test root" \
  -addext "basicConstraints=critical,CA:TRUE" -out "$work/root.csr"
openssl ca -batch -notext -selfsign -config "$work/ca.conf" -keyfile "$work/root.key" \
  -startdate 20200101000000Z -enddate 20991231000000Z -in "$work/root.csr" -out root.pem

# sign NAME SUBJECT_ALT_NAMES FROM TO
sign() {
  key "$work/$1.key"
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -addext "subjectAltName=$2" -out "$work/$1.csr"
  openssl ca -batch -notext -config "$work/ca.conf" -cert root.pem -keyfile "$work/root.key" \
    -startdate "$3" -enddate "$4" -in "$work/$1.csr" -out "$work/$1.pem"
  cat "$work/$1.pem" "$work/$1.key" > "$1.pem"
}

sign good "DNS:localhost,IP:127.0.0.1" 20200101000000Z 20991231000000Z
sign other "DNS:other.test" 20200101000000Z 20991231000000Z
sign expired "DNS:localhost,IP:127.0.0.1" 20200101000000Z 20210101000000Z

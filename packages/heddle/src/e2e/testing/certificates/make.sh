#!/usr/bin/env bash
# Makes the certificates of the tests anew, in this folder: `bash make.sh`. They are worth nothing outside of the tests, and they are
# checked in so that the tests need no openssl. All are valid from 2022 to 2126, apart from the one that has expired.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

since=20220101000000Z
until=21260101000000Z

# sign <name> <subject> <extensions> <first day> <last day> <who signs>...
sign() {
  local name=$1 subject=$2 extensions=$3 first=$4 last=$5
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$name.key"
  openssl req -new -key "$name.key" -subj "$subject" -out "$work/request"
  : >"$work/index"
  cat >"$work/config" <<CONFIG
[ca]
default_ca = authority
[authority]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
O = optional
CN = optional
[extensions]
$extensions
CONFIG
  openssl ca -batch -notext -config "$work/config" -extensions extensions -startdate "$first" -enddate "$last" \
    -in "$work/request" -out "$name.pem" "${@:6}" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
}

# authority <name> <common name>
authority() {
  sign "$1" "/O=heddle tests/CN=$2" $'basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign' \
    "$since" "$until" -selfsign -keyfile "$1.key"
}

# certificate <name> <authority> <subject> <alternative names> [<first day> <last day>]
certificate() {
  sign "$1" "$3" $'extendedKeyUsage = serverAuth, clientAuth\nsubjectAltName = '"$4" \
    "${5:-$since}" "${6:-$until}" -cert "$2.pem" -keyfile "$2.key"
}

here=DNS:localhost,IP:127.0.0.1,IP:::1

authority authority "heddle test authority"
authority other-authority "another test authority"
certificate server authority "/O=heddle tests/CN=server" "$here"
certificate renewed authority "/O=heddle tests/CN=renewed" "$here"
certificate expired authority "/O=heddle tests/CN=expired" "$here" 20200101000000Z 20210101000000Z
certificate other-host authority "/O=heddle tests/CN=other host" DNS:other.example
certificate client authority "/O=heddle tests, Inc./CN=client" URI:spiffe://heddle.example/client,DNS:client.example
certificate nameless authority / "URI:spiffe://heddle.example/nameless,otherName:1.2.3.4;UTF8:other"
certificate other-client other-authority "/O=heddle tests/CN=stranger" DNS:stranger.example
openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:open-sesame -in server.key -out server-encrypted.key

# Nothing else is to be signed by these authorities.
rm authority.key other-authority.key
chmod 644 ./*.key

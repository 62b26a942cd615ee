#!/bin/sh
# Checks an evidence pack with sha256sum and openssl (3.0 or later) alone:  sh verify.sh [FINGERPRINT]
#
# FINGERPRINT is the SHA-256 of the ledger's key, as you have it from elsewhere than this pack. This checks
# every file, every leaf's way to the root, and the signature over the root. It does not follow keys from one
# to the next, compare checkpoints, hear witnesses or open commitments: verify.py does.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0

fail() { echo "FAILED: $*"; failed=1; }
hash() { openssl dgst -sha256 -binary; }
leaf_hash() { { printf '\000'; cat "$1"; } | hash; }
node_hash() { { printf '\001'; cat "$1" "$2"; } | hash >"$work/node"; mv "$work/node" "$work/reached"; }

[ -f manifest.sha256 ] || { echo "no evidence pack here: there is no manifest.sha256" >&2; exit 2; }
sha256sum --quiet --strict -c manifest.sha256 || fail "a file is not as manifest.sha256 says"

# The checkpoint: three lines that are signed, a blank line, then lines of signatures.
sed '/^$/,$d' ledger/checkpoint >"$work/text"
origin=$(sed -n 1p "$work/text")
size=$(sed -n 2p "$work/text")
root=$(sed -n 3p "$work/text")
case $size in '' | *[!0-9]* | 0?* | ????????????????????*) fail "the checkpoint has no size"; size=0 ;; esac
signed=no
sed '1,/^$/d' ledger/checkpoint >"$work/signatures"
while read -r _ name signature; do
    [ "$name" = "$origin" ] || continue
    printf '%s\n' "$signature" | openssl base64 -d -A | tail -c +5 >"$work/signature"
    openssl pkeyutl -verify -pubin -inkey keys/ledger.pem -rawin \
        -in "$work/text" -sigfile "$work/signature" >/dev/null 2>&1 && signed=yes
done <"$work/signatures"
[ $signed = yes ] || fail "the checkpoint is not signed by keys/ledger.pem"
key=$(openssl pkey -pubin -in keys/ledger.pem -outform DER | sha256sum | cut -c 1-64)
[ "${1:-$key}" = "$key" ] || fail "the key is not the one you gave, but $key"

# Each leaf: its hash, then the hashes beside its way to the root (RFC 9162, section 2.1.3.2).
leaves=0
for leaf in ledger/leaves/*.json; do
    index=${leaf##*/}
    index=${index%.json}
    case $index in '' | *[!0-9]* | ????????????????????*) fail "$leaf is no leaf"; continue ;; esac
    proof=ledger/proofs/$index.tlog-proof
    leaf_hash "$leaf" >"$work/reached"
    sed '1,/^$/d' "$proof" | cmp -s - ledger/checkpoint || fail "the proof of leaf $index has another checkpoint"
    [ "$(sed -n 2p "$proof")" = "index $index" ] || fail "the proof of leaf $index is of another one"
    at=$index
    last=$((size - 1))
    [ "$at" -le "$last" ] || fail "leaf $index is beyond the end of the ledger"
    sed '/^$/,$d' "$proof" | sed 1,2d >"$work/path"
    while read -r step; do
        printf '%s\n' "$step" | openssl base64 -d -A >"$work/step"
        [ "$(wc -c <"$work/step")" -eq 32 ] || fail "the proof of leaf $index holds something that is no hash"
        [ "$last" -gt 0 ] || fail "the proof of leaf $index is too long"
        if [ $((at & 1)) -eq 1 ] || [ "$at" -eq "$last" ]; then
            node_hash "$work/step" "$work/reached"
            while [ $((at & 1)) -eq 0 ] && [ "$at" -gt 0 ]; do at=$((at >> 1)) last=$((last >> 1)); done
        else
            node_hash "$work/reached" "$work/step"
        fi
        at=$((at >> 1)) last=$((last >> 1))
    done <"$work/path"
    [ "$last" -eq 0 ] || fail "the proof of leaf $index is too short"
    [ "$(openssl base64 -A <"$work/reached")" = "$root" ] || fail "leaf $index does not lead to the root"
    leaves=$((leaves + 1))
done

# Each object: named by its own SHA-256, and by a leaf.
for object in objects/*; do
    [ -e "$object" ] || continue
    [ "$(sha256sum "$object" | cut -c 1-64)" = "${object#objects/}" ] || fail "$object is not what it is named by"
    grep -q "sha256:${object#objects/}" ledger/leaves/*.json || fail "$object is named by no leaf"
done

[ $failed -eq 0 ] || { echo "This pack does not show what it should."; exit 1; }
echo "Shown: $leaves leaves were in the ledger $origin when it had $size leaves; the bytes in objects/ have"
echo "not changed since the leaves that name them; the key $key signed that."
[ $# -gt 0 ] || echo "Not shown: whose key that is. Get its fingerprint from elsewhere, and give it to this program."
echo "Not shown: when this was (the times are the archive's word, unless there is a time stamp), that the"
echo "archive did not rewrite its whole history and sign it again, that any page existed or is true."
for answer in ledger/timestamps/*.tsr; do
    [ -f "$answer" ] && echo "Time stamp: openssl ts -verify -in $answer -data ${answer%.tsr}.stamped -CAfile ../tsa.pem"
done
exit 0

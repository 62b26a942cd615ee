"""An evidence pack: a folder that a third person can check without us, and how it is laid out.

    manifest.sha256                  every other file, as `sha256sum` writes it
    verify.py  verify.sh             the checks, for Python 3.8 or later and for a shell with openssl
    objects/<sha256>                 bytes as they were received
    keys/first.vkey                  the key with which the ledger began (C2SP signed-note)
    keys/<n>.succession              the notes by which one key followed another, from 1
    keys/ledger.pem                  the key that signed the checkpoint, for openssl
    ledger/checkpoint                size and root of the ledger, signed (C2SP tlog-checkpoint)
    ledger/leaves/<index>.json       a leaf, byte for byte
    ledger/proofs/<index>.tlog-proof its way to the root, with the checkpoint (C2SP tlog-proof)
    ledger/earlier/<size>.checkpoint an earlier checkpoint
    ledger/earlier/<size>.proof      that the ledger continues it: hashes in base64, one a line
    ledger/timestamps/<size>.stamped a checkpoint exactly as it was sent to a time stamping authority
    ledger/timestamps/<size>.tsr     the authority's answer (RFC 3161, DER)
    openings/<n>.json                value and salt behind a commitment that stands in a leaf
    records/<index>/<table>.jsonl    the rows that a leaf is bound to, a line of JSON a row
    fixity/<index>-<digest>.json     one result of a check, and its way to the root in the leaf that ends its run
    texts/<label>.txt                a canonical text; leaves name its digest
    (anything else)                  report, texts, trail: shown by the ledger where a leaf names their
                                     digest, else the packer's own word, and `verify.py` says which

The manifest only finds damage: whoever edits a file can edit the manifest. What an edit cannot get past is
the leaf that names the digest, the root over the leaf, and the signature over the root.
"""

#!/usr/bin/env bash
# PostgreSQL's own regression tests, from the sources of Debian 12 and on any Debian:
#
#   scripts/regression-sources.sh tests/majors/regress-15
#
# The folder is laid out as the sources are. Where there is a C compiler, the functions that the tests load are built.
set -euo pipefail
folder=$(realpath -m "$1")
[ ! -e "$folder/src/test/regress/parallel_schedule" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
mkdir -p lists/partial cache/archives/partial
for kind in deb deb-src; do
  echo "$kind [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main"
done > sources.list
apt() {
  apt-get --quiet --quiet -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
apt update
apt source --download-only postgresql-15
apt download "postgresql-server-dev-15=$(sed -n 's/^Version: //p' postgresql-15_*.dsc | head -1)"

python3 - <<'PYTHON'
import glob, re, tarfile

wanted = re.compile(r"(configure\.ac|contrib/spi/(autoinc|refint)\.c|src/test/regress/.*)$")
with tarfile.open(glob.glob("postgresql-15_*.orig.tar.*")[0]) as sources:
    for member in sources:
        member.name = member.name.partition("/")[2]
        if wanted.match(member.name):
            sources.extract(member, "sources")
PYTHON

if command -v cc > cc; then
  dpkg --extract postgresql-server-dev-15_*.deb headers
  for module in src/test/regress/regress contrib/spi/autoinc contrib/spi/refint; do
    cc -O1 -fPIC -shared -I headers/usr/include/postgresql/15/server \
      -o "sources/src/test/regress/${module##*/}.so" "sources/$module.c"
  done
fi
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv sources "$folder"

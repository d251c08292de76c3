#!/usr/bin/env bash
# PostgreSQL's own regression tests, where this machine's Debian has PostgreSQL 15 (Debian 12), from the place it names:
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
mkdir -p lists/partial cache/archives/partial sources.list.d
# As the machine's own, with the sources of packages too.
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ ! -e "$list" ] || sed -n 's/^deb \(.*\)/deb \1\ndeb-src \1/p' "$list" > "sources.list.d/$(basename "$list" .list).list"
done
for list in /etc/apt/sources.list.d/*.sources; do
  [ ! -e "$list" ] || sed 's/^Types: *deb *$/Types: deb deb-src/' "$list" > "sources.list.d/$(basename "$list")"
done
apt() {
  apt-get --quiet --quiet -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources.list.d" \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
apt update
apt source --download-only "postgresql-15/$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
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

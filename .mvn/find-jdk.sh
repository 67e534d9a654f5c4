# Sourced by mvnw: leaves JAVA_HOME at a JDK 25 or newer, or stops with one line.

sluice_jdk_is_new_enough() {
  [ -x "$1/bin/javac" ] || return 1
  sluice_jdk_version=$("$1/bin/javac" -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ "${sluice_jdk_version:-0}" -ge 25 ]
}

sluice_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && sluice_jdk_is_new_enough "$JAVA_HOME"; then return 0; fi
  sluice_javac=$(command -v javac 2>/dev/null || true)
  if [ -n "$sluice_javac" ]; then
    sluice_javac=$(readlink -f "$sluice_javac" 2>/dev/null || printf '%s' "$sluice_javac")
    set -- "${sluice_javac%/bin/javac}"
  else
    set --
  fi
  set +f # the places below are patterns
  set -- "$@" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home
  set -f
  for sluice_jdk in "$@"; do
    if sluice_jdk_is_new_enough "$sluice_jdk"; then
      JAVA_HOME=$sluice_jdk
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

sluice_find_jdk || {
  echo "Sluice needs a JDK 25 or newer: none in JAVA_HOME, on the PATH or where JDKs usually lie. Set JAVA_HOME." >&2
  exit 1
}

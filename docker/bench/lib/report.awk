# Figures of a benchmark ("case proxy metric value", one a line) as a table: min, median and max of each, and the median of the
# round-by-round ratios to nginx.

{
  key = $1 SUBSEP $3
  if (!(key in seen)) { seen[key] = 1; order[++keys] = key }
  if (!($2 in known)) { known[$2] = 1; proxies[++count] = $2 }
  value[key, $2, ++n[key, $2]] = $4
}

function sorted(key, proxy, ratio,    i, j, v, m) {
  m = n[key, proxy]
  for (i = 1; i <= m; i++) {
    v = value[key, proxy, i]
    if (ratio) v = value[key, "nginx", i] > 0 ? v / value[key, "nginx", i] : 0
    for (j = i; j > 1 && s[j - 1] > v; j--) s[j] = s[j - 1]
    s[j] = v
  }
  return m
}

function median(m) { return m % 2 ? s[(m + 1) / 2] : (s[m / 2] + s[m / 2 + 1]) / 2 }

END {
  printf "%-14s %-18s %-8s %10s %10s %10s   %s\n", "case", "metric", "proxy", "min", "median", "max", "of nginx (min median max)"
  for (k = 1; k <= keys; k++) {
    split(order[k], part, SUBSEP)
    for (p = 1; p <= count; p++) {
      m = sorted(order[k], proxies[p], 0)
      if (m == 0) continue
      printf "%-14s %-18s %-8s %10.2f %10.2f %10.2f", part[1], part[2], proxies[p], s[1], median(m), s[m]
      if (n[order[k], "nginx"] == m && proxies[p] != "nginx") {
        sorted(order[k], proxies[p], 1)
        printf "   %.2f %.2f %.2f", s[1], median(m), s[m]
      }
      print ""
    }
  }
}

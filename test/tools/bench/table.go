package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

// table returns a table in Markdown. The first row is its head.
func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", len(row)) + "\n")
		}
	}
	return b.String()
}

// measured returns the rows without the columns that have only dashes below the head, because nothing was measured for them.
func measured(rows [][]string) [][]string {
	kept := make([][]string, len(rows))
	for column := range rows[0] {
		if slices.ContainsFunc(rows[1:], func(row []string) bool { return row[column] != "–" }) {
			for i, row := range rows {
				kept[i] = append(kept[i], row[column])
			}
		}
	}
	return kept
}

// ratio formats a ratio with its quartiles: 0.31 (0.30–0.33).
func ratio(q stat.Quartiles) string {
	return fmt.Sprintf("%s (%s–%s)", number(q.Median), number(q.Low), number(q.High))
}

// ratioOf formats one of several ratios. It returns a dash if the ratio was not measured.
func ratioOf(ratios map[string]stat.Quartiles, name string) string {
	if q, ok := ratios[name]; ok {
		return ratio(q)
	}
	return "–"
}

// number formats a number with two significant digits, or with all the digits before the point.
func number(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case size >= 9.95:
		return thousands(int64(math.Round(v)))
	case size >= 0.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case size >= 0.0995 || v == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case size >= 0.00995:
		return strconv.FormatFloat(v, 'f', 3, 64)
	case size < 0.00005:
		return "< 0.0001"
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}

// thousands formats a whole number with commas.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

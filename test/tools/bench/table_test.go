package main

import (
	"math"
	"reflect"
	"testing"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.00", 0.00001: "< 0.0001", 0.00123: "0.0012", 0.012: "0.012", 0.123: "0.12", 0.994: "0.99", 0.996: "1.0", 9.94: "9.9", 9.96: "10", 12.5: "13",
		1234567: "1,234,567", -4: "-4.0", -1234: "-1,234", math.Inf(1): "–",
	} {
		if got := number(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", -1000: "-1,000", -999: "-999"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestRatioOf(t *testing.T) {
	ratios := map[string]stat.Quartiles{"a": {Low: 1, Median: 2, High: 3}}
	if got := ratioOf(ratios, "a") + ratioOf(ratios, "b"); got != "2.0 (1.0–3.0)–" {
		t.Errorf("got %s", got)
	}
}

func TestTable(t *testing.T) {
	got := table([][]string{{"a", "b"}, {"1", ratio(stat.Quartiles{Low: 0.3, Median: 0.4, High: 0.5})}})
	want := "| a | b |\n| --- | --- |\n| 1 | 0.40 (0.30–0.50) |\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMeasured(t *testing.T) {
	got := measured([][]string{{"a", "b", "c"}, {"1", "–", "–"}, {"2", "–", "3"}})
	if want := [][]string{{"a", "c"}, {"1", "–"}, {"2", "3"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

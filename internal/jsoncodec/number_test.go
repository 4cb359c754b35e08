//go:build !tinygo

package jsoncodec

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestShortNumbers reads all short texts of a number's characters as encoding/json does: in a list and in a struct, with and
// without more text behind them.
func TestShortNumbers(t *testing.T) {
	const characters, longest = "-0159.e+", 4
	inList, inStruct := reflect.TypeFor[[]float64](), reflect.TypeFor[struct{ A float64 }]()
	asInts := reflect.TypeFor[[]int]()
	nothing := func(reflect.Value) {}
	var all func(text string)
	all = func(text string) {
		for _, rest := range []string{"", ", 1234567890, 1234567890"} {
			compareUnmarshal(t, []byte("["+text+rest+"]"), inList, nothing)
			compareUnmarshal(t, []byte("["+text+rest+"]"), asInts, nothing)
		}
		compareUnmarshal(t, []byte(`{"A":`+text+`,"B":"more than seventeen characters"}`), inStruct, nothing)
		if len(text) < longest && !t.Failed() {
			for _, c := range characters {
				all(text + string(c))
			}
		}
	}
	all("")
}

// TestLongNumbers reads numbers about as long as the short way takes, and longer.
func TestLongNumbers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		digits := make([]byte, 12+random.IntN(10))
		for i := range digits {
			digits[i] = '1' + byte(random.IntN(9))
		}
		if at := 1 + random.IntN(len(digits)); at < len(digits)-1 {
			digits[at] = '.'
		}
		text := string(digits) + ", 1234567890, 1234567890]"
		compareUnmarshal(t, []byte("["+text), reflect.TypeFor[[]float64](), func(reflect.Value) {})
		compareUnmarshal(t, []byte("[-"+text), reflect.TypeFor[[]float64](), func(reflect.Value) {})
	}
}

// TestNumbersWithFewDigits writes numbers with zero to four digits after the point as encoding/json does, and their
// neighbours, whose texts are long.
func TestNumbersWithFewDigits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		f := float64(random.Int64N(int64(math.Pow10(1+random.IntN(13))))) / math.Pow10(random.IntN(5))
		compareMarshal(t, []float64{f, -f, math.Nextafter(f, 0), math.Nextafter(f, math.Inf(1))})
		compareMarshal(t, struct{ A, B float64 }{f, -f})
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1e8, 1e8 - 1, 99_999_999.999, 1e8 + 0.5, 0.001, 0.0005, 0.0009999, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		compareMarshal(t, []float64{f, -f})
	}
}

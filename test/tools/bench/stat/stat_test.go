package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOf(t *testing.T) {
	for name, c := range map[string]struct {
		values []float64
		want   Quartiles
	}{
		"one":                     {[]float64{3}, Quartiles{3, 3, 3}},
		"two":                     {[]float64{1, 2}, Quartiles{1.25, 1.5, 1.75}},
		"five, not sorted":        {[]float64{5, 1, 4, 2, 3}, Quartiles{2, 3, 4}},
		"one far out":             {[]float64{1, 1, 1, 1, 100}, Quartiles{1, 1, 1}},
		"four, between the ranks": {[]float64{10, 20, 30, 40}, Quartiles{17.5, 25, 32.5}},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.values)
			if got := Of(c.values); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if !slices.Equal(before, c.values) {
				t.Errorf("it changed its argument to %v", c.values)
			}
		})
	}
	if got := Of(nil); !math.IsNaN(got.Median) {
		t.Errorf("of nothing: got %v, want NaN", got)
	}
}

// TestOfOrders checks that the quartiles are in order and within the range of the values.
func TestOfOrders(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		values := make([]float64, 1+random.IntN(40))
		for i := range values {
			values[i] = random.NormFloat64()
		}
		q := Of(values)
		if q.Low > q.Median || q.Median > q.High || q.Low < slices.Min(values) || q.High > slices.Max(values) {
			t.Fatalf("%v of %v", q, values)
		}
	}
}

func TestRatios(t *testing.T) {
	if got, want := Ratios([]float64{1, 6}, []float64{2, 3}), []float64{0.5, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestGeometricMean(t *testing.T) {
	for name, c := range map[string]struct {
		values []float64
		want   float64
	}{
		"twice and half": {[]float64{2, 0.5}, 1},
		"one":            {[]float64{0.3}, 0.3},
		"three":          {[]float64{1, 10, 100}, 10},
	} {
		if got := GeometricMean(c.values); !near(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestSlope(t *testing.T) {
	x := []float64{1, 10, 100, 1000}
	of := func(f func(float64) float64) []float64 {
		y := make([]float64, len(x))
		for i := range x {
			y[i] = f(x[i])
		}
		return y
	}
	for name, c := range map[string]struct {
		x, y []float64
		want float64
	}{
		"constant":                {x, of(func(float64) float64 { return 7 }), 0},
		"in proportion":           {x, of(func(x float64) float64 { return 3 * x }), 1},
		"square":                  {x, of(func(x float64) float64 { return x * x }), 2},
		"less and less":           {x, of(func(x float64) float64 { return 5 / x }), -1},
		"a point without a log":   {x, []float64{2, -1, 200, 2000}, 1},
		"one x":                   {[]float64{5, 5}, []float64{1, 2}, 0},
		"a line through all four": {x, []float64{1, 10, 10, 100}, 0.6},
		"nothing":                 {nil, nil, 0},
	} {
		if got := Slope(c.x, c.y); !near(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// near returns false for NaN too.
func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

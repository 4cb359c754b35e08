// Package stat holds the few statistics that the benchmark needs.
package stat

import (
	"math"
	"slices"
)

// Quartiles are the 25th, 50th and 75th percentile of some values.
type Quartiles struct {
	Low    float64 `json:"low"`
	Median float64 `json:"median"`
	High   float64 `json:"high"`
}

// Of returns the quartiles of the values, interpolated linearly between two of them. If there are no values, they are NaN.
func Of(values []float64) Quartiles {
	sorted := slices.Sorted(slices.Values(values))
	return Quartiles{at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75)}
}

func at(sorted []float64, part float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	place := part * float64(len(sorted)-1)
	below := int(place)
	if below == len(sorted)-1 {
		return sorted[below]
	}
	rest := place - float64(below)
	return sorted[below]*(1-rest) + sorted[below+1]*rest
}

// Ratios returns a[i] / b[i] for all i. The values were measured in pairs. The slices must have the same length.
func Ratios(a, b []float64) []float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return ratios
}

// GeometricMean returns the geometric mean of ratios. If there are none, it returns NaN.
func GeometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// Slope returns the slope of the line that fits the points best when both axes are logarithmic. This is the exponent with
// which y grows with x: 0 if y does not grow, 1 if it grows in proportion. Slope ignores points that have no logarithm. It
// returns 0 if fewer than two different x remain.
func Slope(x, y []float64) float64 {
	var lx, ly []float64
	for i := range x {
		if x[i] > 0 && y[i] > 0 {
			lx, ly = append(lx, math.Log(x[i])), append(ly, math.Log(y[i]))
		}
	}
	mx, my := mean(lx), mean(ly)
	var above, below float64
	for i := range lx {
		above += (lx[i] - mx) * (ly[i] - my)
		below += (lx[i] - mx) * (lx[i] - mx)
	}
	if below == 0 {
		return 0
	}
	return above / below
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

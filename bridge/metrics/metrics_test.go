package metrics_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/metrics"
)

func TestNewCounter(t *testing.T) {
	for _, name := range []string{"a", "Z", "0", "clicks", "a.b-c.1", "a.-b", strings.Repeat("9", 50)} {
		if _, err := metrics.NewCounter(t.Context(), name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"":                      "is empty",
		" \t":                   "is empty",
		strings.Repeat("a", 51): "longer than 50",
		".a":                    "start and end",
		"a-":                    "start and end",
		"-":                     "start and end",
		"a_b":                   "start and end",
		"a b":                   "start and end",
		"ä":                     "start and end",
		"a\n":                   "start and end",
		"a@b":                   "start and end",
		"a[b":                   "start and end",
		"a`b":                   "start and end",
		"a{b":                   "start and end",
		"a..b":                  "in a row",
		"a--b":                  "in a row",
		strings.Repeat("🎉", 25): "start and end",
		strings.Repeat("🎉", 26): "longer than 50",
	} {
		c, err := metrics.NewCounter(t.Context(), name)
		if c != nil || !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q returns %v, want %q", name, err, want)
		}
	}
}

// A counter keeps its client, whatever the context of a call carries.
func TestCounter(t *testing.T) {
	host := &stubhost.Host{}
	ctx := host.Context(t)
	c, err := metrics.NewCounter(ctx, "clicks")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Incr(t.Context()), c.IncrBy((&stubhost.Host{}).Context(t), 5), c.IncrBy(ctx, .5)); err != nil {
		t.Fatal(err)
	}
	for _, value := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := c.IncrBy(ctx, value); !errors.Is(err, bridge.ErrInvalidRequest) {
			t.Errorf("%v returns %v", value, err)
		}
	}
	if err := new(metrics.Counter).Incr(ctx); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("no name returns %v", err)
	}
	want := []string{
		`emitFrontendCustomMetric {"customMetricName":"clicks","value":1}`,
		`emitFrontendCustomMetric {"customMetricName":"clicks","value":5}`,
		`emitFrontendCustomMetric {"customMetricName":"clicks","value":0.5}`,
	}
	if got := host.Calls(); !reflect.DeepEqual(got, want) {
		t.Errorf("the host got %q, want %q", got, want)
	}
	host.Errors = map[string]error{"emitFrontendCustomMetric": &bridge.HostError{Message: "because of Z"}}
	if err := c.Incr(ctx); !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("a refusal returns %v", err)
	}
}

package main

import (
	"context"
	"testing"
	"time"
)

// TestRestartLosesNoTask is a short form of the command. It checks that no task is lost or doubled by a restart.
func TestRestartLosesNoTask(t *testing.T) {
	got, err := run(t.Context(), config{duration: time.Second, clients: 6, installations: 2, least: 60})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%v", got)
	if !got.good() || got.down == 0 {
		t.Errorf("not good, or without a restart:\n%v", got)
	}
	if got.added == 0 || got.removed == 0 || got.left != got.added-got.removed || got.requests <= got.added+got.removed {
		t.Errorf("the clients did not do all they should:\n%v", got)
	}
}

func TestCompare(t *testing.T) {
	a, b := task{ID: "a", Name: "a"}, task{ID: "b", Name: "b", Done: true}
	for _, tt := range []struct {
		name          string
		found         []task
		lost, doubled int
	}{
		{"the same", []task{b, a}, 0, 0},
		{"one is missing", []task{a}, 1, 0},
		{"one is as it was before", []task{a, {ID: "b", Name: "b"}}, 1, 0},
		{"one request made two", []task{a, b, {ID: "c", Name: "a"}}, 0, 1},
		{"one is there twice", []task{a, b, a}, 0, 1},
		{"a deleted one is back", []task{a, b, {ID: "d", Name: "d"}}, 0, 1},
		{"none", nil, 2, 0},
	} {
		if lost, doubled := compare(map[string]task{"a": a, "b": b}, tt.found); lost != tt.lost || doubled != tt.doubled {
			t.Errorf("%s: %d lost, %d doubled; want %d, %d", tt.name, lost, doubled, tt.lost, tt.doubled)
		}
	}
}

func TestQuantile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i))
	}
	for _, tt := range []struct {
		times []time.Duration
		q     float64
		want  time.Duration
	}{{nil, 0.5, 0}, {hundred[7:8], 0.999, 7}, {hundred, 0.5, 50}, {hundred, 0.99, 99}, {hundred, 0.999, 99}} {
		if got := quantile(tt.times, tt.q); got != tt.want {
			t.Errorf("quantile %v of %d times is %d; want %d", tt.q, len(tt.times), got, tt.want)
		}
	}
}

func TestInvalidConfigIsRefused(t *testing.T) {
	for name, c := range map[string]config{
		"no time":                  {clients: 1, installations: 1},
		"an hour":                  {duration: time.Hour, clients: 1, installations: 1},
		"no client":                {duration: time.Second, installations: 1},
		"too many clients":         {duration: time.Second, clients: 257, installations: 1},
		"an installation too many": {duration: time.Second, clients: 2, installations: 3},
	} {
		if _, err := run(context.Background(), c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

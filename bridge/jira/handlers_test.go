package jira_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/jira"
)

func TestOnConfigure(t *testing.T) {
	failed := errors.New("failed")
	for name, tt := range map[string]struct {
		config any
		err    error
		result string // what the host gets
		fails  error
	}{
		"a value":              {map[string]int{"most": 3}, nil, `"{\"most\":3}"`, nil},
		"null":                 {nil, nil, `"null"`, nil},
		"a form to complete":   {nil, fmt.Errorf("no name: %w", jira.ErrKeepForm), "", nil},
		"an error":             {nil, failed, "", failed},
		"a value without JSON": {make(chan int), nil, "", bridge.ErrInvalidRequest},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			stop, err := jira.OnConfigure(host.Context(t), func(context.Context) (any, error) { return tt.config, tt.err })
			if err != nil {
				t.Fatal(err)
			}
			result, err := host.Ask("data.onConfigure", "[]")
			if result != tt.result || !errors.Is(err, tt.fails) {
				t.Errorf("the host gets %s, %v", result, err)
			}
			stop()
			stop()
			if want := []string{`setWorkflowRuleConfigurationCallback {"data":{}} -> data.onConfigure`, "release"}; !slices.Equal(host.Calls(), want) {
				t.Errorf("the host got %q, want %q", host.Calls(), want)
			}
		})
	}
	host := &stubhost.Host{Answers: map[string]string{"setWorkflowRuleConfigurationCallback": "false"}}
	if _, err := jira.OnConfigure(host.Context(t), func(context.Context) (int, error) { return 0, nil }); !errors.Is(err, jira.ErrNotConfigurable) {
		t.Errorf("false: got %v", err)
	}
}

func TestOnFieldData(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"getCustomFieldInternalAPI": `{"actions":{"onFieldDataChange":{}}}`}}
	var got []string
	failed := errors.New("failed")
	stop, err := jira.OnFieldData(host.Context(t), func(_ context.Context, data jira.FieldData[int], err error) error {
		got = append(got, fmt.Sprint(data.Value, " ", errors.Is(err, bridge.ErrInvalidResponse)))
		if data.Value == 9 {
			return failed
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, arguments := range []string{`[{"fieldValue":7}]`, `[{"fieldValue":null}]`, `[{"fieldValue":"x"}]`, `[]`} {
		if result, err := host.Ask("0", arguments); result != "" || err != nil {
			t.Errorf("%s: the host gets %s, %v", arguments, result, err)
		}
	}
	if _, err := host.Ask("0", `[{"fieldValue":9}]`); err == nil || err.Error() != "Error: failed" {
		t.Errorf("the host gets %v", err)
	}
	if want := []string{"7 false", "0 false", "0 true", "0 true", "9 false"}; !slices.Equal(got, want) {
		t.Errorf("the handler got %q, want %q", got, want)
	}
	stop()
	if want := []string{"getCustomFieldInternalAPI", ".actions.onFieldDataChange [null] -> 0", "release", "release"}; !slices.Equal(host.Calls(), want) {
		t.Errorf("the host got %q, want %q", host.Calls(), want)
	}
}

func TestOnFieldDataElsewhere(t *testing.T) {
	handle := func(context.Context, jira.FieldData[json.RawMessage], error) error { return nil }
	for _, answer := range []string{`{}`, `null`, `7`, `{"actions":{}}`, `{"actions":{"onFieldDataChange":null}}`} {
		host := &stubhost.Host{Answers: map[string]string{"getCustomFieldInternalAPI": answer}}
		if _, err := jira.OnFieldData(host.Context(t), handle); !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("%s: got %v", answer, err)
		}
	}
	for _, at := range []string{"getCustomFieldInternalAPI", ".actions.onFieldDataChange"} {
		host := &stubhost.Host{Answers: map[string]string{"getCustomFieldInternalAPI": `{"actions":{"onFieldDataChange":{}}}`},
			Errors: map[string]error{at: &bridge.HostError{Message: "no"}}}
		if _, err := jira.OnFieldData(host.Context(t), handle); !errors.Is(err, bridge.ErrRejected) {
			t.Errorf("%s: got %v", at, err)
		}
	}
}

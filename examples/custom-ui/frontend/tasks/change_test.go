package tasks

import (
	"reflect"
	"testing"
)

func TestReadChange(t *testing.T) {
	cases := []struct {
		name, data string
		want       change
		ok         bool
	}{
		{"added", `{"kind":"added","task":{"id":"1","name":"Buy milk","done":false}}`, change{Kind: kindAdded, Task: Task{ID: "1", Name: "Buy milk"}}, true},
		{"changed", `{"kind":"changed","task":{"id":"1","name":"Buy milk","done":true,"file":{"name":"a","type":"b","size":3}}}`,
			change{Kind: kindChanged, Task: Task{ID: "1", Name: "Buy milk", Done: true, File: File{"a", "b", 3}}}, true},
		{"deleted", `{"kind":"deleted","task":{"id":"1","name":"Buy milk","done":true}}`, change{Kind: kindDeleted, Task: Task{ID: "1", Name: "Buy milk", Done: true}}, true},
		{"brought back", `{"kind":"added","task":{"id":"1"},"after":""}`, change{Kind: kindAdded, Task: Task{ID: "1"}, After: new("")}, true},
		{"another kind", `{"kind":"moved","task":{"id":"1"}}`, change{}, false},
		{"no task", `{"kind":"added"}`, change{}, false},
		{"not JSON", `hello`, change{}, false},
		{"nothing", ``, change{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := readChange(c.data); ok != c.ok || ok && !reflect.DeepEqual(got, c.want) {
				t.Errorf("gave %v, %t", got, ok)
			}
		})
	}
}

//go:build !js

package jira_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/jira"
)

func ExampleCreateIssue() {
	host := bridgetest.NewHost(nil) // stands in for Jira
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run

	go func() { host.IssueDialog(nil).Create("10042") }() // the user
	created, err := jira.CreateIssue(ctx, jira.IssueValues{ProjectID: "10001", Summary: "Buy milk"})
	fmt.Println(created, err)
	// Output: [{10042}] <nil>
}

func ExampleViewIssue() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	go func() {
		dialog := host.IssueDialog(nil)
		fmt.Println("shown:", dialog.IssueKey)
		dialog.Close()
	}()
	fmt.Println("closed:", jira.ViewIssue(host.Context(nil), "FT-3"))
	// Output:
	// shown: FT-3
	// closed: <nil>
}

func ExampleOnConfigure() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)

	type config struct {
		Most int `json:"most"`
	}
	typed := "" // what the user has typed
	stop, err := jira.OnConfigure(ctx, func(context.Context) (config, error) {
		if typed == "" {
			return config{}, jira.ErrKeepForm
		}
		return config{Most: len(typed)}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	for _, typed = range []string{"", "abc"} {
		saved, err := host.SaveWorkflowRule(ctx)
		fmt.Printf("%s %v\n", string(saved), err)
	}
	// Output:
	//  <nil>
	// {"most":3} <nil>
}

func ExampleOnFieldData() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetFieldValue("red")
	values := make(chan string)
	stop, err := jira.OnFieldData(host.Context(nil), func(_ context.Context, data jira.FieldData[string], err error) error {
		values <- data.Value
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	fmt.Println(<-values)
	host.SetFieldValue("blue") // a UI modification
	fmt.Println(<-values)
	// Output:
	// red
	// blue
}

func ExampleOnFormInit() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	form := host.SetForm(bridgetest.Form{
		Fields: []bridgetest.FormField{{ID: "priority", Value: jira.Priority{ID: "3", Name: "Medium"}}},
		Tabs:   []bridgetest.FormTab{{ID: "more", Hidden: true}},
	})
	err := jira.OnFormInit(host.Context(nil), func(_ context.Context, form *jira.Form) error {
		priority, ok := form.Field("priority")
		if !ok {
			return nil
		}
		if tab, ok := form.ScreenTab("more"); ok {
			tab.SetVisible(true)
		}
		priority.SetDescription("Ask before you choose the highest.")
		return jira.PriorityField.Set(priority, "2")
	}, func(*jira.Form) []string { return []string{"priority"} })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %s\n", form.Field("priority").Value, form.Field("priority").Description)
	fmt.Println("hidden:", form.Tab("more").Hidden)
	// Output:
	// "2": Ask before you choose the highest.
	// hidden: false
}

func ExampleOnFormChange() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	form := host.SetForm(bridgetest.Form{Fields: []bridgetest.FormField{{ID: "summary", Value: ""}, {ID: "labels", Value: []string{}}}})
	stop, err := jira.OnFormChange(ctx, func(_ context.Context, form *jira.Form) error {
		labels, ok := form.Field("labels")
		if !ok || form.Changed() == nil || form.Changed().Type() != jira.SummaryField.String() {
			return nil
		}
		summary, err := jira.SummaryField.Get(form.Changed())
		if err != nil || !strings.Contains(summary, "milk") {
			return err
		}
		return jira.LabelsField.Set(labels, []string{"shopping"})
	}, func(*jira.Form) []string { return []string{"labels"} })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	if err := form.Change(ctx, "summary", "Buy milk"); err != nil { // the user
		fmt.Println(err)
	}
	fmt.Printf("%s\n", form.Field("labels").Value)
	// Output: ["shopping"]
}

func ExampleOnFormError() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	host.SetForm(bridgetest.Form{Fields: []bridgetest.FormField{{ID: "summary", Value: ""}}})
	refused := make(chan *jira.FormError)
	stop, err := jira.OnFormError(ctx, func(_ context.Context, failures []*jira.FormError) error {
		refused <- failures[0]
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	err = jira.OnFormInit(ctx, func(_ context.Context, form *jira.Form) error {
		summary, _ := form.Field("summary")
		return jira.SummaryField.Set(summary, "Buy milk")
	}, nil) // the field is not registered
	fmt.Println(err)
	failure := <-refused
	fmt.Println(failure.Type == jira.UnregisteredField, failure.FieldID)
	// Output:
	// <nil>
	// true summary
}

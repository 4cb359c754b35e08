package apimap

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge/jira"
)

// fieldTypes are the names of our types of fields.
var fieldTypes = []string{
	jira.AssigneeField.String(), jira.ReporterField.String(), jira.SummaryField.String(), jira.DescriptionField.String(),
	jira.LabelsField.String(), jira.PriorityField.String(), jira.ComponentsField.String(), jira.FixVersionsField.String(),
	jira.AffectsVersionsField.String(), jira.IssueTypeField.String(), jira.ParentField.String(), jira.StatusField.String(),
	jira.ResolutionField.String(), jira.DueDateField.String(), jira.OriginalEstimateField.String(),
	jira.SelectField.String(), jira.RadioButtonsField.String(), jira.MultiSelectField.String(), jira.CheckboxesField.String(),
	jira.CascadingSelectField.String(), jira.TextField.String(), jira.ParagraphField.String(), jira.URLField.String(),
	jira.NumberField.String(), jira.UserPickerField.String(), jira.MultiUserPickerField.String(), jira.PeopleField.String(),
	jira.DatePickerField.String(), jira.DateTimeField.String(), jira.TargetStartField.String(), jira.TargetEndField.String(),
	jira.ProjectPickerField.String(), jira.RequestTypeField.String(),
}

var (
	typeUnion  = regexp.MustCompile(`type FieldType = ([^;]+);`)
	quotedName = regexp.MustCompile(`'([^']+)'`)
)

// TestFieldTypesAreAll checks that we have each type of fields that the official package for Jira declares: those of custom
// fields are constants, and those of system fields are in a TypeScript type.
func TestFieldTypesAreAll(t *testing.T) {
	const file = "@forge/jira-bridge/out/ui-modifications/types/field-api"
	cmd := exec.CommandContext(t.Context(), "node", "-p", `JSON.stringify(Object.values(require("`+file+`.js")))`)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v (npm packages missing? run: make setup)", err)
	}
	var official []string
	if err := json.Unmarshal(out, &official); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../node_modules/" + file + ".d.ts")
	if err != nil {
		t.Fatal(err)
	}
	union := typeUnion.FindSubmatch(text)
	if union == nil || len(official) == 0 {
		t.Fatal("the official package declares its types of fields in another way")
	}
	for _, name := range quotedName.FindAllSubmatch(union[1], -1) {
		official = append(official, string(name[1]))
	}
	t.Logf("@forge/jira-bridge has %d types of fields", len(official))
	slices.Sort(official)
	ours := slices.Sorted(slices.Values(fieldTypes))
	if !slices.Equal(official, ours) {
		t.Errorf("the official types are\n%q\nand ours\n%q", official, ours)
	}
}

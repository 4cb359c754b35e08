package jira

import (
	"bytes"
	"encoding/json"

	"github.com/forgego/forgego/internal/nesting"
)

// User is a user in a field.
type User struct {
	AccountID string `json:"accountId"`
}

// Named is a component, a version, an issue type or a status.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Option is an option of a field.
type Option struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

// Priority is an issue's priority.
type Priority struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	IconURL string `json:"iconUrl"`
}

// Parent is an issue's parent.
type Parent struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

// Project is a project in a project picker.
type Project struct {
	ID string `json:"projectId"`
}

// RequestType is a request type of Jira Service Management.
type RequestType struct {
	ID string `json:"requestTypeId"`
}

// Cascade is an option of a cascading select, and an option below it, or nil.
type Cascade struct {
	Parent Option  `json:"parent"`
	Child  *Option `json:"child"`
}

// CascadeIDs are the ids by which a cascading select is set. Child is nil for none.
type CascadeIDs struct {
	Parent string  `json:"parentId"`
	Child  *string `json:"childId"`
}

// Document is the value of a field with long text. A field with the rich-text editor has a document, and one with the
// plain-text editor has a text. What is set must be of the same kind as what Get returns.
type Document struct {
	// ADF is a document in the Atlassian Document Format as JSON, or nil if the value is a text.
	ADF json.RawMessage
	// Text is the text, if ADF is nil.
	Text string
}

// MarshalJSON returns the document, or the text as JSON.
func (d Document) MarshalJSON() ([]byte, error) {
	if d.ADF != nil {
		return d.ADF, nil
	}
	return nesting.Marshal(d.Text)
}

// UnmarshalJSON reads a document or a text. JSON's null is an empty text.
func (d *Document) UnmarshalJSON(data []byte) error {
	*d = Document{}
	if len(data) == 0 || data[0] == '"' || data[0] == 'n' {
		return nesting.UnmarshalShallow(data, &d.Text)
	}
	d.ADF = bytes.Clone(data)
	return nil
}

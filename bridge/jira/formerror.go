package jira

// FormErrorType is the kind of a [FormError].
type FormErrorType string

// The kinds.
const (
	// InvalidField means that a field does not take what was set.
	InvalidField FormErrorType = "FIELD_VALIDATION_FAILED"
	// InvalidScreenTabs means that the tabs do not take what was set.
	InvalidScreenTabs FormErrorType = "SCREENTABS_VALIDATION_FAILED"
	// AppConflict means that several apps have set the same field or tab.
	AppConflict FormErrorType = "MULTIPLE_APPS_CONFLICT"
	// UnregisteredField means that the app changed a field whose id its function fields had not returned.
	UnregisteredField FormErrorType = "APPLY_CHANGES_FOR_UNREGISTERED_FIELD"
)

// FormError is a change that Jira has refused. Fields that do not belong to its type are empty.
type FormError struct {
	Type FormErrorType `json:"type"`
	// FieldID and FieldType say which field it is.
	FieldID   string `json:"fieldId"`
	FieldType string `json:"fieldType"`
	// Method is the JavaScript name of the method that was called, such as "setRequired".
	Method string `json:"method"`
	// Cause is "FIELD" or "SCREENTABS", for a conflict.
	Cause string `json:"cause"`
	// LifecycleHook is "onInit" or "onChange", for a conflict.
	LifecycleHook string `json:"lifecycleHook"`
	// Message is Jira's own text.
	Message string `json:"message"`
}

// Error returns the kind, the field and the message.
func (e *FormError) Error() string {
	text := string(e.Type)
	if e.FieldID != "" {
		text += " " + e.FieldID
	}
	if e.Method != "" {
		text += " " + e.Method
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

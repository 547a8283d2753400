package buyer

// Expiry is how the form reads what was typed as an expiry.
var Expiry = expiry

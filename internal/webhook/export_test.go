package webhook

// Sign makes the signatures of a delivery.
var Sign = sign

// ReceiverOf is what people know an address by.
var ReceiverOf = receiverOf

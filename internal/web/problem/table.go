package problem

import (
	"innopay/fault"
	"innopay/internal/approval"
	"innopay/internal/catalog"
	"innopay/internal/contract"
	"innopay/internal/health"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/notice"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/printer"
	"innopay/internal/push"
	"innopay/internal/receipt/desk"
	"innopay/internal/registration"
	"innopay/internal/retention"
	"innopay/internal/risk"
	"innopay/internal/taxreceipt"
	"innopay/internal/terms"
	"innopay/internal/ticket"
	"innopay/internal/web/visit"
	"innopay/internal/webhook"
)

// Faults of the HTTP edge itself.
var (
	// Internal hides everything that is our mistake.
	Internal = fault.New(fault.Internal, "INTERNAL", "처리하지 못했어요. 잠시 뒤에 다시 시도하고, 계속되면 추적번호를 알려 주세요.")
	// ErrAborted: the client left before it was answered, so nobody reads this.
	ErrAborted = fault.New(fault.Unavailable, "ABORTED_BY_CLIENT", "응답을 기다리지 않고 끊겼어요. 결과를 다시 확인해 주세요.")
	// ErrUnreadable: the body is no single, well-formed JSON document.
	ErrUnreadable = fault.New(fault.Malformed, "UNREADABLE_BODY", "요청 본문을 읽을 수 없어요. JSON 형식을 확인해 주세요.")
	// ErrMediaType: the body is not application/json.
	ErrMediaType = fault.New(fault.Malformed, "UNSUPPORTED_MEDIA_TYPE", "요청 본문은 application/json 으로 보내 주세요.")
	// ErrTooLarge: the body is larger than the limit.
	ErrTooLarge = fault.New(fault.Malformed, "BODY_TOO_LARGE", "요청 본문이 너무 커요. 256KB 안으로 줄여 주세요.")
	// ErrFileType: the body is no file of a kind that the operation takes.
	ErrFileType = fault.New(fault.Malformed, "UNSUPPORTED_FILE_TYPE", "이 형식의 파일은 받지 않아요. 문서에 있는 형식으로 보내 주세요.")
	// ErrFileTooLarge: the file is larger than the limit.
	ErrFileTooLarge = fault.New(fault.Malformed, "FILE_TOO_LARGE", "파일이 너무 커요. 5MB 안으로 줄여 주세요.")
	// ErrKey: the header Idempotency-Key is missing or is not 1..300 printable characters.
	ErrKey = fault.New(fault.Malformed, "INVALID_IDEMPOTENCY_KEY", "Idempotency-Key 헤더에 1~300자의 멱등키를 보내 주세요.")
	// ErrInvalid: read, but values are wrong; errors names them.
	ErrInvalid = fault.New(fault.Invalid, "INVALID_REQUEST", "입력한 값을 확인해 주세요.")
	// ErrMethod: the address exists, but not with this method.
	ErrMethod = fault.New(fault.Malformed, "METHOD_NOT_ALLOWED", "이 주소에서 쓸 수 없는 방식이에요. Allow 헤더를 확인해 주세요.")
	// ErrNoRoute: there is no such address.
	ErrNoRoute = fault.New(fault.NotFound, "NOT_FOUND", "찾을 수 없어요. 주소를 다시 확인해 주세요.")
	// ErrCrossOrigin: a browser sent the request on behalf of another site.
	ErrCrossOrigin = fault.New(fault.Forbidden, "CROSS_ORIGIN", "다른 사이트에서 보낸 요청은 받지 않아요. 앱에서 다시 시도해 주세요.")
	// ErrOtherScreen: right credentials, given to the app by an operator or to the console
	// by anybody else.
	ErrOtherScreen = fault.New(fault.Forbidden, "NOT_FOR_THIS_SCREEN", "이 화면의 아이디가 아니에요. 가맹점은 앱에서, 운영자는 콘솔에서 로그인해 주세요.")
	// ErrRate: too many requests from one client.
	ErrRate = fault.New(fault.TooMany, "RATE_LIMITED", "요청이 너무 많아요. 잠시 뒤에 다시 시도해 주세요.")
	// ErrNotReady: the database cannot be written.
	ErrNotReady = fault.New(fault.Unavailable, "NOT_READY", "아직 요청을 받을 수 없어요. 잠시 뒤에 다시 시도해 주세요.")
)

// entry is one code of the API. The fault gives kind, code and Korean sentence.
type entry struct {
	fault   *fault.Error
	english string
}

// table lists every code an answer may carry, grouped as the error page shows them.
var table = []entry{
	{ErrUnreadable, "The request body cannot be read. Check that it is one well-formed JSON document."},
	{ErrMediaType, "Send the request body as application/json."},
	{ErrTooLarge, "The request body is too large. Keep it below 256 KB."},
	{ErrFileType, "Files of this type are not taken. Send one of those in the documentation."},
	{ErrFileTooLarge, "The file is too large. Keep it below 5 MB."},
	{ErrKey, "Send an idempotency key of 1 to 300 characters in the Idempotency-Key header."},
	{ErrInvalid, "Some values are wrong. See errors."},
	{ErrMethod, "This address does not take that method. See the Allow header."},
	{ErrNoRoute, "Not found. Check the address."},
	{ErrCrossOrigin, "Requests sent by other sites are refused."},
	{ErrOtherScreen, "This login ID is for another screen. Merchants use the app, operators the console."},
	{ErrRate, "Too many requests. Try again later."},
	{ErrNotReady, "Requests cannot be taken yet. Try again later."},
	{ErrAborted, "The connection was closed before the answer. Look the result up."},
	{Internal, "Something went wrong on our side. Try again later; if it goes on, tell us the trace id."},

	{merchant.ErrNotLoggedIn, "Log in first."},
	{merchant.ErrLoginFailed, "The login id or the password is wrong."},
	{merchant.ErrTOTPRequired, "Enter the 6-digit code of your authenticator app."},
	{merchant.ErrLoginLocked, "Too many failed logins. Try again later."},
	{merchant.ErrForbidden, "You are not allowed to do this. Ask your administrator."},
	{merchant.ErrBusy, "Too many requests at once. Try again later."},
	{merchant.ErrChanged, "It was changed elsewhere meanwhile. Load it again and retry."},
	{merchant.ErrPasswordWrong, "The present password is wrong."},
	{merchant.ErrCodeWrong, "The password or the code is wrong."},
	{merchant.ErrPasskeyFailed, "The passkey did not log you in. Try again, or use your password."},
	{merchant.ErrNoPasskeys, "Passkeys cannot be used at this address. Log in with your password."},
	{merchant.ErrPasskeyTaken, "This passkey is registered already."},
	{merchant.ErrPasskeysFull, "You have as many passkeys as there may be. Remove one that is not used."},
	{merchant.ErrChallengeInvalid, "Too much time has passed. Start again."},
	{merchant.ErrSecondFactorOn, "The second factor is on already."},
	{merchant.ErrSecondFactorOff, "The second factor is off."},
	{merchant.ErrSecondFactorRequired, "Operators cannot do without a second factor."},
	{merchant.ErrTooManyMails, "Mail was asked for too often. Try again later."},
	{merchant.ErrMailCodeLocked, "Too many wrong codes. Try again later."},
	{merchant.ErrCancelPasswordWrong, "The cancel password is wrong. triesLeft says how many tries are left."},
	{merchant.ErrCancelPasswordLocked, "The cancel password is locked after too many wrong tries. Try again later."},
	{merchant.ErrCancelPasswordNotSet, "No cancel password is set yet. The owner sets it through the activation link."},
	{merchant.ErrLinkInvalid, "This link cannot be used. Ask for a new one."},
	{merchant.ErrDiscount, "You may not give discounts. Take the discount out or ask the owner."},
	{merchant.ErrBelowPrice, "You may not sell below a product's price. See in the cart whether the price has changed meanwhile."},
	{merchant.ErrCancel, "You may not cancel payments. Ask the owner."},
	{merchant.ErrNotStaff, "The rights of an owner cannot be limited."},
	{merchant.ErrLoginIDTaken, "This login id is taken. Choose another one."},
	{merchant.ErrTerminalTaken, "Another merchant has a terminal of this number."},
	{merchant.ErrTerminalUsed, "Payments were taken with the terminal tid that are not settled or could still be cancelled. It stays."},
	{merchant.ErrTaxTypeFixed, "There are payments already, so the tax type and the business number stay. Register a new merchant."},
	{merchant.ErrLastOperator, "The last operator cannot be disabled. Add another one first."},

	{contract.ErrNone, "There is no contract."},
	{approval.ErrNotFound, "The approval was not found."},
	{approval.ErrPending, "The same is asked for already. approvalId names the request."},
	{approval.ErrDecided, "The request was decided before, or its time has passed."},
	{retention.ErrLastOwner, "This is the merchant's last owner. Add another one, or close the merchant first."},
	{approval.ErrSelf, "You asked for it, so another operator decides."},
	{approval.ErrNotRequester, "Only who asked for it can take it back."},
	{approval.ErrStale, "Things have changed since it was asked for, so it has ended. Ask again."},
	{approval.ErrReviewOpen, "The review is not complete: the checks named are open."},
	{approval.ErrStatus, "There is no such step from the present state."},
	{merchant.ErrLoginPending, "The owner has not let you in yet. You get a text once you are."},

	{registration.ErrInvite, "The shop code or the invite code is wrong, or the invite works no more. Ask the owner for another one."},
	{registration.ErrGone, "This registration has ended. Begin again with the invite."},
	{registration.ErrCode, "The code is wrong. triesLeft says how many tries are left."},
	{registration.ErrCodeSpent, "The code cannot be used any more. Have another one sent."},
	{registration.ErrTooSoon, "A code was sent just now. Try again later."},
	{registration.ErrTooMany, "Too many tries. Try again later."},
	{registration.ErrStep, "Prove the phone first."},
	{registration.ErrDecided, "This registration was decided upon, or its time is over. Load the list again."},
	{registration.ErrStarted, "This person has set a password already."},
	{registration.ErrWithdrawn, "The link was taken back before. Sending the mail again makes a new one."},
	{registration.ErrForgotten, "The contacts of this login were erased long ago. Issue the same login again."},
	{terms.ErrVersion, "The terms have changed meanwhile. Read them and agree again."},
	{terms.ErrRequired, "Agree to all required terms to go on."},

	{catalog.ErrNotFound, "The product was not found. Load the list again."},
	{catalog.ErrNoCategory, "The category was not found. Load the list again."},
	{catalog.ErrBarcodeTaken, "Another product has this barcode."},
	{catalog.ErrNoPicture, "The product has no picture."},
	{catalog.ErrNameTaken, "A category of this name exists already."},

	{printer.ErrNotFound, "The printer was not found. Load the list again."},
	{printer.ErrPrintNotFound, "The print was not found."},
	{printer.ErrTooMany, "A merchant has at most 20 printers. Remove one that is not used."},
	{printer.ErrQueueFull, "Too many prints wait for this printer. Check it and try again."},
	{merchant.ErrTooManyKeys, "A merchant has at most 50 keys that work. End one that is not used."},
	{webhook.ErrNotFound, "There is no such webhook or delivery. Read the list again."},
	{webhook.ErrTooMany, "A merchant has at most 20 webhooks. Remove one that is not used."},
	{webhook.ErrUnderWay, "It is being sent already. Look at the log in a moment."},
	{webhook.ErrOff, "The webhook is off. Turn it on and send again."},
	{printer.ErrNotOffered, "This installation does not connect to network printers. Connect the printer to the app, or use CloudPRNT."},
	{printer.ErrNotHanded, "That print is not yours to take back. Look at the paper."},
	{printer.ErrTooLong, "The receipt is too long to be printed as a picture. Use a text mode or the PDF."},

	{merchant.ErrTooManyEvents, "There may be 1,000 interest-free events. Remove past ones first."},

	{notice.ErrNotFound, "The notice was not found. It may have ended or been withdrawn."},
	{notice.ErrPublished, "The notice has begun and cannot be changed. Withdraw it and write a new one."},
	{notice.ErrWithdrawn, "The notice was withdrawn already."},

	{ticket.ErrNotFound, "The ticket was not found."},
	{ticket.ErrClosed, "The ticket is closed. Open a new one."},
	{ticket.ErrMany, "Twenty tickets are open. Write on in one of them, or wait until some are closed."},
	{ticket.ErrLong, "A ticket takes 100 messages. Open a new one."},
	{ticket.ErrOwner, "Only the owner may ask for a change of the merchant's information."},

	{push.ErrNotFound, "This device is not told anything. Turn notifications on again."},

	{payment.ErrNotFound, "The payment was not found. Check its id."},
	{payment.ErrDuplicateOrder, "A payment with this orderId exists already. paymentId names it."},
	{payment.ErrKeyReused, "This idempotency key was used with another request. Send a new key."},
	{payment.ErrInProgress, "The request sent before is still being processed. Look the result up in a moment."},
	{payment.ErrNotCancelable, "This payment cannot be cancelled in its present state."},
	{payment.ErrCancelLimit, "This is more than you may cancel of one payment. cancelLimit says how much that is; ask the owner."},
	{payment.ErrExceedsBalance, "The amount is larger than what is left to cancel."},
	{payment.ErrSuspended, "This merchant cannot take payments now."},
	{payment.ErrNoTerminal, "No card terminal is registered for this merchant. Ask support."},
	{payment.ErrPlainTrack, "Readers that do not encrypt are not allowed here. Use an encrypting reader, or key the card in."},
	{payment.ErrReplayed, "This swipe was used already. Nothing was charged; swipe the card again."},
	{payment.ErrDecrypter, "Encrypted swipes cannot be read now. Nothing was charged; key the card in or try again later."},
	{payment.ErrUnavailable, "This cannot be done now. No money has moved; try again later."},
	{payment.ErrRiskRefused, "This payment is refused for safety. Nothing was charged; use another card, or ask support."},
	{payment.ErrAcquirerDown, "The acquirer cannot be reached. Nothing was charged; try again later."},
	{payment.ErrBusy, "The system is overloaded. No money has moved; try again later."},
	{payment.ErrDayLimit, "This is beyond what the merchant may take by card today. limit says how much that is."},
	{payment.ErrMonthLimit, "This is beyond what the merchant may take by card this month. limit says how much that is."},
	{payment.ErrSignatureStands, "The payment has a signature already."},
	{payment.ErrNotApproved, "Only an approved payment can be signed."},
	{payment.ErrNotUnsettled, "The outcome of this payment is not open."},
	{payment.ErrBeingSettled, "The payment is being settled automatically right now. Try again later."},
	{payment.ErrNotProven, "The acquirer's answer does not prove that outcome."},
	{payment.ErrNothingToAsk, "No message of this payment went to an acquirer."},
	{payment.ErrNoInquiry, "This acquirer cannot be asked. Call it."},
	{oversight.ErrNarrow, "This search would read too long. Name fewer days, or a merchant."},
	{oversight.ErrNothingDue, "Nothing is to be done about this cash receipt now."},
	{health.ErrNotFound, "There is no such alarm, or it was acknowledged already."},
	{risk.ErrNotFound, "There is no such rule, block or review."},
	{risk.ErrChanged, "The rule was changed elsewhere meanwhile. Load it again."},
	{risk.ErrMany, "There may be 100 rules. Remove one that is not used."},
	{risk.ErrBlocked, "This is blocked already."},
	{risk.ErrCardNotKept, "The card of this payment is not on record. Block it by its number."},

	{payrequest.ErrNotFound, "The payment request was not found."},
	{payrequest.ErrNotPayable, "The request cannot be paid now: somebody else pays or paid it, or it has ended. Load the page again."},
	{payrequest.ErrPaying, "The buyer is paying just now. Look the result up in a moment."},
	{payrequest.ErrPaid, "The request is paid already."},
	{payrequest.ErrEnded, "The request has ended. Make a new one."},
	{payrequest.ErrCodeTries, "Too many codes were tried from this number. Try again tomorrow, or ask the shop."},
	{taxreceipt.ErrNotFound, "The cash receipt was not found."},
	{taxreceipt.ErrNotOffered, "This installation does not issue cash receipts."},
	{taxreceipt.ErrHasReceipt, "This sale has a cash receipt already. cashReceiptId names it."},
	{taxreceipt.ErrWholeOnly, "This installation takes cash receipts back as a whole only. Cancel all of it and issue one for the rest."},
	{taxreceipt.ErrState, "This cannot be done in its present state. Look again in a moment."},
	{message.ErrNotFound, "The message was not found."},
	{message.ErrState, "The message is not in a state in which this can be done."},
	{message.ErrTooMany, "Too many messages were sent in a short time. Try again later."},
	{message.ErrNoSender, "No verified sender number, so no text can be sent. Register a number and have it verified."},
	{message.ErrSenderNotFound, "This sender number is not registered."},
	{message.ErrManySenders, "A merchant may register 10 sender numbers."},
	{desk.ErrNoReceipt, "Only an approved payment has a receipt."},
	{desk.ErrNotIssued, "A cash receipt can be sent once it is issued."},
	{desk.ErrNotOffered, "This installation does not offer that way. Send it another way."},
}

// fieldEntry is one code of a wrong value. ko is for values refused by the schema;
// where the core refuses, its own sentence stands.
type fieldEntry struct{ code, ko, en string }

// Codes of values refused by the schema of an operation.
const (
	Required     = "REQUIRED"
	UnknownField = "UNKNOWN_FIELD"
	WrongType    = "WRONG_TYPE"
	OutOfRange   = "OUT_OF_RANGE"
	WrongLength  = "WRONG_LENGTH"
	WrongFormat  = "WRONG_FORMAT"
	NotAllowed   = "NOT_ALLOWED"
	Repeated     = "REPEATED"
	Unexpected   = "UNEXPECTED"
)

// fieldTable lists every code of a wrong value.
var fieldTable = []fieldEntry{
	{Required, "꼭 필요한 값이에요.", "This value is required."},
	{UnknownField, "알 수 없는 항목이에요. 이름을 확인해 주세요.", "This field is not known. Check its name."},
	{WrongType, "값의 형식이 달라요. 문서의 형식을 확인해 주세요.", "The value has the wrong type."},
	{OutOfRange, "값이 정해진 범위를 벗어났어요.", "The value is out of range."},
	{WrongLength, "길이가 맞지 않아요.", "The length is wrong."},
	{WrongFormat, "형식이 맞지 않아요.", "The format is wrong."},
	{NotAllowed, "정해진 값 가운데 하나를 보내 주세요.", "The value is not one of those allowed."},
	{Repeated, "한 번만 보낼 수 있는 값이에요.", "This value may be sent once only."},
	{Unexpected, "이 입력 방식에서는 쓰지 않는 값이에요.", "This value does not go with the others sent."},
	{"INVALID_ORDER_ID", "", "6 to 64 characters of A-Z, a-z, 0-9, -, _ and ."},
	{"INVALID_ORDER_NAME", "", "1 to 100 characters without control characters."},
	{"INVALID_INSTALLMENT", "", "0 (lump sum) or 2 to 12 months."},
	{"INSTALLMENT_NOT_OFFERED", "", "Installments are not offered for this amount."},
	{"INVALID_ITEM", "", "Check name, unit price, quantity and discount of this line."},
	{"INVALID_NAME", "", "At most 100 characters without control characters."},
	{"INVALID_PHONE", "", "Digits only, 8 to 15 of them."},
	{"INVALID_EMAIL", "", "This is not an e-mail address."},
	{"UNKNOWN_MERCHANT", "가맹점을 찾을 수 없어요.", "There is no such merchant."},
	{"PASSWORD_TOO_SHORT", "", "The password is too short."},
	{"PASSWORD_TOO_LONG", "", "A password has at most 128 characters."},
	{"PASSWORD_TOO_COMMON", "", "The password is easy to guess. Choose another one."},
	{"INVALID_LOGIN_ID", "", "4 to 64 small letters, digits, Hangul and . _ - @."},
	{"INVALID_MOBILE", "", "This is not a Korean mobile number that can get texts."},
	{"INVALID_IDENTIFIER", "", "Not a number that a cash receipt can be for: a mobile number, a cash receipt card or, for businesses, the business number."},
	{"INVALID_BUSINESS_NUMBER", "", "This is not a business number: its check digit is wrong."},
	{"RESIDENT_NUMBER", "", "Resident registration numbers are not taken. Send a mobile number."},
	{"PAYMENT_CARD", "", "This is a payment card. Send a cash receipt card or a mobile number."},
	{"INVALID_SENDER", "", "Not the form of a sender number: digits with the area code, and no 050 number."},
	{"NOT_OFFERED", "", "This installation does not offer that."},
	{"INVALID_KEY", "", "The form's key is missing or malformed. Load the page again."},
	{"INVALID_REASON", "", "1 to 200 characters without control characters."},
	{"INVALID_CARD", "", "The card cannot be read."},
	{"INVALID_CARD_NUMBER", "카드번호를 확인해 주세요.", "This is not a card number."},
	{"INVALID_EXPIRY", "유효기간의 월(MM)과 연도(YY)를 확인해 주세요.", "This is not an expiry: month 01 to 12 and year as two digits."},
	{"INVALID_BIRTH_OR_BUSINESS_NUMBER", "생년월일 6자리 또는 사업자등록번호 10자리를 숫자로 입력해 주세요.", "6 digits of the birth date or 10 digits of the business number."},
	{"INVALID_PASSWORD_DIGITS", "카드 비밀번호 앞 두 자리를 숫자로 입력해 주세요.", "The first two digits of the card's password."},
	{"INVALID_DEVICE", "", "Up to 100 printable characters that are not the card's number."},
	{"TOO_MANY_DIGITS", "", "The reason is kept, so it must not hold a number of a card or of a person."},
	{"INVALID_TRACK", "카드를 읽지 못했어요. 다시 긁어 주세요.", "The track cannot be read. Swipe again."},
	{"INVALID_KSN", "리더기의 키 번호를 읽을 수 없어요. 카드를 다시 긁어 주세요.", "This is no key serial number under which a reader encrypts: 20 or 24 hex digits with a counter above 0."},
	{"UNKNOWN_KEY_SET", "등록되지 않은 리더기예요. 다른 리더기를 쓰거나 카드번호를 입력해 주세요.", "No base key is known for this reader."},
	{"CHIP_FIRST", "", "The card has a chip. Use the chip; a swipe is taken when fallbackReason says CHIP_FAILED."},
	{"INVALID_SIGNATURE", "서명을 읽을 수 없어요. 다시 서명해 주세요.", "The signature cannot be read: strokes are lists of [x, y, t] with 0 to 10,000 for x and y."},
	{"INVALID_CURSOR", "다음 쪽 표시를 읽을 수 없어요. 처음부터 다시 조회해 주세요.", "The cursor cannot be read. Start from the first page."},
	{"INVALID_DATE", "날짜는 YYYY-MM-DD로 보내 주세요.", "Dates are YYYY-MM-DD."},
	{"DATES_REVERSED", "시작일이 종료일보다 늦어요.", "The first day is after the last one."},
	{"INVALID_TEXT", "", "Too long, empty or with control characters."},
	{"INVALID_BARCODE", "", "Letters, digits and hyphens, at most 48."},
	{"INVALID_PICTURE", "", "This is no JPEG, PNG or WebP picture that can be read."},
	{"INVALID_NUMBER", "", "This is not a whole number."},
	{"INVALID_ENCODING", "", "The text is neither UTF-8 nor CP949."},
	{"NO_HEADINGS", "", "The first row names none of the columns. Keep that of the template."},
	{"UNREADABLE_FILE", "", "The file cannot be read. Save it as XLSX or CSV again."},
	{"DUPLICATE", "", "The same stands there twice."},
	{"AMBIGUOUS", "", "Several products have this name and category. Add the id or the barcode."},
	{"CARD_NUMBER", "", "Never write a card number here. The last four digits are enough."},
	{"UNKNOWN_ISSUER", "", "No such card company. Give its Korean name or its two-character code."},
	{"INVALID_MONTHS", "", "Months are 2 to 12, as 2,3,6 or 2~6."},
	{"INVALID_CODE", "", "This is no such code."},
	{"UNKNOWN_PRODUCT", "", "There is no product with this id. Leave it empty for a new one."},
	{"INVALID_ID", "", "This is no id of ours."},
	{"UNKNOWN_CATEGORY", "", "There is no such category."},
	{"UNKNOWN_VALUE", "", "The value is not one of those allowed."},
	{"NOT_SOLD", "", "The merchant's tax type does not allow this product."},
	{"TOO_LARGE", "", "This is too large."},
	{"TOO_MANY", "", "There are too many of these."},
	{"SUM_MISMATCH", "", "The parts do not add up."},
	{"PARTS_EXCEED_AMOUNT", "", "Tax-free amount and service fee are more than the amount."},
	{"TAX_TYPE", "", "This does not go with the merchant's tax type."},
	{"INVALID_PUSH_ENDPOINT", "", "An https address on the public internet, as PushManager.subscribe gave it."},
	{"INVALID_PUSH_KEY", "", "This is no key of a push subscription, as PushSubscription.toJSON gives it."},
	{"INVALID_PRINTER", "", "There is no such printer: 32, 42 or 48 columns, a mode, and which Hangul it has."},
	{"INVALID_PRINTER_NAME", "", "1 to 40 characters without control characters."},
	{"INVALID_WEBHOOK_URL", "", "https, by a name with a dot of the public internet, at port 443 or 8443."},
	{"INVALID_PRINTER_ADDRESS", "", "host or host:port of a printer in a network that the operator allows, port 9100 to 9199; none for CLOUD_PRNT."},
	{"INVALID_PRINTER_MODE", "", "A CLOUD_PRNT printer prints in STAR_LINE or RASTER."},
	{"WRONG_TOTP_CODE", "", "The code is wrong. Enter the one the app shows now."},
	{"WRONG_MAIL_CODE", "", "The code is wrong or too old. Enter the one that was mailed last."},
	{"INVALID_PASSKEY", "", "This is no passkey that was asked for. Start again."},
	{"UNKNOWN_CANCEL", "", "The payment has no such cancel."},
	{"INVALID_TERMINAL", "", "1 to 8 letters and digits, each number once."},
	{"INVALID_MID", "", "1 to 15 letters and digits."},
	{"INVALID_MCC", "", "Four digits."},
	{"INVALID_CODE", "", "This is no code of a card issuer."},
	{"INVALID_ACCOUNT", "", "An account number has 6 to 16 digits."},
	{"INVALID_DAY", "", "This is no day."},
	{"INVALID_LOGIN_ID", "", "This cannot be a login id."},
	{"ABOVE_LIMIT", "", "This is more than the merchant may take in one payment."},
	{"BELOW_MINIMUM_AMOUNT", "", "This is less than the smallest card payment."},
}

var (
	english      = indexEnglish()
	fieldEnglish = indexFields(func(e fieldEntry) string { return e.en })
	fieldKorean  = indexFields(func(e fieldEntry) string { return e.ko })
)

func indexEnglish() map[string]string {
	m := make(map[string]string, len(table))
	for _, e := range table {
		m[e.fault.Code] = e.english
	}
	return m
}

func indexFields(text func(fieldEntry) string) map[string]string {
	m := make(map[string]string, len(fieldTable))
	for _, e := range fieldTable {
		m[e.code] = text(e)
	}
	return m
}

// sentence is what people read about the whole request.
func sentence(f *fault.Error, inEnglish bool) string {
	if s, ok := english[f.Code]; ok && inEnglish {
		return s
	}
	return f.Message
}

// Sentence is what people read about one wrong value, in the language of the visit.
func Sentence(v *visit.Visit, f fault.Field) string { return fieldSentence(f, v.English) }

func fieldSentence(f fault.Field, inEnglish bool) string {
	if s, ok := fieldEnglish[f.Code]; ok && inEnglish {
		return s
	}
	return f.Message
}

// InvalidField is an Invalid fault about one field, with the table's Korean sentence.
func InvalidField(path, code string) *fault.Error {
	return fault.InvalidField(path, code, fieldKorean[code])
}

// WithField adds one more wrong field to f, with the table's Korean sentence.
func WithField(f *fault.Error, path, code string) *fault.Error {
	return f.WithField(path, code, fieldKorean[code])
}

// Known reports whether the error page explains a code of a problem or of a field.
func Known(code string) bool {
	_, whole := english[code]
	_, field := fieldEnglish[code]
	return whole || field
}

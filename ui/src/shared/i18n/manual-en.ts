import type { Chapter } from './manual';

/** The manual of this app in English. */
export const manual: readonly Chapter[] = [
  {
    id: 'start', number: 1, title: 'Installing and logging in', lead: 'Put the app on the home screen and come in with your id.',
    sections: [
      { title: 'Install the app', steps: ['On Android and a PC choose “Install app” in the browser.', 'On an iPhone use the share button of Safari, “Add to Home Screen”.', 'Installed, it opens full screen and tells you of payments while it is closed.'] },
      { title: 'Get an id', steps: ['The help desk makes the owner’s id and mails a link.', 'Open the link and set the login password and the cancel password.', 'Staff register with the merchant code and an invite code of the owner, who approves them.'] },
      { title: 'Log in', steps: ['Enter id and password.', 'After several wrong tries it is blocked for the time that the screen says.', 'A session that is not used ends; what you typed stays.'] },
    ],
    tips: ['Every function is on the home screen and in the menu.', 'New here? Follow the first steps on the home screen.'],
  },
  {
    id: 'card', number: 2, title: 'Card payment', lead: 'Enter the amount, then the card by hand or by a reader.',
    sections: [
      { title: 'Enter the amount', steps: ['Press “Card payment” on the home screen and enter the amount.', 'Buttons such as +10,000 add to it; + sums several amounts.', 'Or choose products.'] },
      { title: 'Enter the card', steps: ['With a reader, swipe the card. A card with a chip uses its chip first.', 'By hand: number and expiry, and as the contract says birth date and the first two digits of the password.', 'From 50,000 won on there are installments; interest-free months are marked.'] },
      { title: 'Sign and finish', steps: ['Above the limit the buyer signs on the screen, which you may turn around.', 'Approved: the approval number shows; send or print the receipt.', 'Declined: the screen says why and what to do. Try another card.'] },
    ],
    tips: ['While it says “checking”, do not pay again: the screen changes once the outcome is known.', 'Card numbers are stored nowhere.'],
  },
  {
    id: 'ars', number: 3, title: 'Payment by phone (ARS)', lead: 'The buyer calls and keys the card in.',
    sections: [
      { title: 'Ask for it', steps: ['In “ARS payment” enter amount, product and the buyer’s mobile number.', 'A text with the number to call and an access code goes out.', 'The screen of the request shows how it goes.'] },
      { title: 'What the buyer does', steps: ['Calls the number of the text.', 'Keys in card number, expiry and so on, each with #.', 'Gets the receipt by text.'] },
      { title: 'See the outcome', steps: ['The app tells you with a tone.', 'On the request you send again, correct the number, or take it back.'] },
    ],
    tips: ['When a call breaks off, the outcome is texted.', 'A request expires; ask again then.'],
  },
  {
    id: 'sms', number: 4, title: 'Payment by link (SMS)', lead: 'The buyer pays on a page behind a link.',
    sections: [
      { title: 'Send the link', steps: ['In “SMS payment” enter amount, product and the buyer’s mobile number.', 'Look at the text before it goes.', 'You may copy the link or show it as a QR code.'] },
      { title: 'What the buyer does', steps: ['Opens the link and checks shop and amount.', 'Enters the card, agrees and pays.'] },
      { title: 'See the outcome', steps: ['Sent, opened, paid: the steps show.', 'The app tells you at once, also while it is closed.'] },
    ],
    tips: ['A link pays once.', 'Texts go out from numbers that the operator has verified.'],
  },
  {
    id: 'cash', number: 5, title: 'Cash and cash receipts', lead: 'Press the notes you took; the change is told and the receipt issued.',
    sections: [
      { title: 'Take cash', steps: ['Enter the amount in “Cash”.', 'Press the notes you got: the change shows.', 'Choose the kind of cash receipt and finish.'] },
      { title: 'Cash receipts', steps: ['For income deduction by mobile number, for expenses by business number.', 'Otherwise none, or self-issued.', 'The tax office usually takes two or three days.'] },
      { title: 'Correct or cancel', steps: ['Choose one of the list.', 'Issue again with the right number, or cancel it.'] },
    ],
    tips: ['Some trades must issue one from 100,000 won on.', 'Cash can be taken without a connection; it is sent later by itself.'],
  },
  {
    id: 'receipt', number: 6, title: 'Sending receipts', lead: 'By text, e-mail, KakaoTalk or as a QR code.',
    sections: [
      { title: 'Send a receipt', steps: ['Press “Send receipt” after a payment or in its detail.', 'Choose text, e-mail, share, copy the link, or QR.', 'In Korean or English.'] },
      { title: 'Did it arrive?', steps: ['The log says so.', 'Correct a wrong address and send it again.'] },
    ],
    tips: ['The buyer needs no app and can save it as PDF.', 'The settings can have receipts ask for the last four digits of the phone.'],
  },
  {
    id: 'history', number: 7, title: 'Payments', lead: 'Find earlier payments and their receipts.',
    sections: [
      { title: 'Search', steps: ['Choose period and way of payment.', 'Search by product, approval number, last four digits or amount.', '“More” finds by buyer, range of amounts and card company.'] },
      { title: 'Look at one', steps: ['A press shows the receipt and what happened.', 'Send, print or cancel there.', 'The list can be saved for a spreadsheet.'] },
    ],
    tips: ['The sum on top is of all that was found.', 'Without a connection the newest payments show masked.'],
  },
  {
    id: 'cancel', number: 8, title: 'Cancel and refund', lead: 'Whole or in part, and the buyer is told.',
    sections: [
      { title: 'Cancel', steps: ['Choose the payment in “Cancel”: its receipt opens.', 'Press cancel beneath it; whole or a part, and a reason.', 'Enter the cancel password and press cancel.'] },
      { title: 'The cancel password', steps: ['The owner sets it through the link; it is not the login password.', 'Five wrong tries lock it for 15 minutes.', 'Forgotten: the owner asks the help desk for a new link.'] },
    ],
    tips: ['On the same day and whole it is undone at once; later it is a refund of three to five days.', 'What cannot be cancelled says why.'],
  },
  {
    id: 'products', number: 9, title: 'Products and cart', lead: 'Collect products and choose how to pay.',
    sections: [
      { title: 'Choose products', steps: ['By category, favourites or search, Korean initials too.', '+ sets the quantity; choose as many products as you like.', 'Or by camera or barcode scanner.'] },
      { title: 'Cart', steps: ['With the cart on, what you choose stays until it is paid.', 'Change quantity, memo and discount, or put it on hold.', 'Then choose card, ARS, SMS or cash.'] },
      { title: 'Keep products', steps: ['The owner sets picture, price, tax and stock.', 'A spreadsheet brings many in and out at once.'] },
    ],
    tips: ['Counted stock falls with every sale.', 'Sold-out products cannot be chosen.'],
  },
  {
    id: 'settings', number: 10, title: 'Settings', lead: 'Behind the gear at the top left of the home screen.',
    sections: [
      { title: 'The shop', steps: ['Slide menu, cart, buyer information, signature limit.', 'With buyer information off the fixed buyer is used.', 'Saved at once, on all devices.'] },
      { title: 'Reader and printer', steps: ['Choose the reader and connect it; the ring shows its battery.', 'With the printer on, receipts can be printed.', 'Try both with the test.'] },
      { title: 'Safety', steps: ['See where you are logged in and end it there.', 'A new password ends the other sessions.', 'Log out at the bottom.'] },
    ],
    tips: ['Text size and dark screen may differ by device.', 'What a device cannot do is not shown.'],
  },
  {
    id: 'help', number: 11, title: 'Merchant, guide and help desk', lead: 'See what is known of your shop, and ask.',
    sections: [
      { title: 'Merchant information', steps: ['Check name, business number and address as receipts show them.', '“Ask for a change” when something is wrong.'] },
      { title: 'Guide', steps: ['See the permissions of the app and how to allow them again.', 'Interest-free months by card and month.', 'This manual is searched without a connection, too.'] },
      { title: 'Help desk', steps: ['Call with one press and see whether somebody answers.', 'Ask in writing and be told of the answer.', 'Notices are behind the bell.'] },
    ],
    tips: ['Never write card numbers or passwords.', 'Diagnostics help us to help you sooner.'],
  },
];

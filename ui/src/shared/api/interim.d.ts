/**
 * Shapes of the API as the contract fixes them, in the form openapi-typescript writes.
 */
type Json<T> = { content: { 'application/json': T } };
type Problem = { content: { 'application/problem+json': components['schemas']['Problem'] } };
type Answers<T, S extends number = 200> = { responses: { [K in S]: Json<T> } & { default: Problem } };
type NoBody = { requestBody?: never };
type Body<T> = { requestBody: Json<T> };
type Params<P> = { parameters: P };
type Schemas = components['schemas'];

export interface paths {
  '/v1/sessions': { post: Params<object> & Body<{ loginId: string; password: string; totpCode?: string }> & Answers<Schemas['Session'], 201> };
  '/v1/sessions/current': { get: Params<object> & NoBody & Answers<Schemas['Session']>; delete: Params<object> & NoBody & { responses: { 204: { content?: never }; default: Problem } } };
  '/v1/merchant': { get: Params<object> & NoBody & Answers<Schemas['Merchant']> };
  '/v1/installments': { get: Params<{ query: { amount: number; issuerCode?: string } }> & NoBody & Answers<Schemas['Installments']> };
  '/v1/products': { get: Params<{ query?: { cursor?: string; limit?: number; categoryId?: string; q?: string } }> & NoBody & Answers<{ products: Schemas['Product'][]; nextCursor?: string }> };
  '/v1/categories': { get: Params<object> & NoBody & Answers<{ categories: Schemas['Category'][] }> };
  '/v1/payments': {
    get: Params<{ query?: Schemas['PaymentQuery'] & { cursor?: string; limit?: number } }> & NoBody & Answers<{ payments: Schemas['Payment'][]; nextCursor?: string }>;
    post: Params<{ header: { 'Idempotency-Key': string } }> & Body<Schemas['PaymentRequest']> & Answers<Schemas['Payment'], 201 | 202>;
  };
  '/v1/payments/summary': { get: Params<{ query?: Schemas['PaymentQuery'] }> & NoBody & Answers<Schemas['Summary']> };
  '/v1/payments/{id}': { get: Params<{ path: { id: string } }> & NoBody & Answers<Schemas['Payment']> };
  '/v1/payments/orders/{orderId}': { get: Params<{ path: { orderId: string } }> & NoBody & Answers<Schemas['Payment']> };
  '/v1/payments/{id}/cancel': { post: Params<{ path: { id: string }; header: { 'Idempotency-Key': string } }> & Body<Schemas['CancelRequest']> & Answers<Schemas['Payment'], 200 | 202> };
  '/v1/payments/{id}/signature': { put: Params<{ path: { id: string } }> & Body<Schemas['Signature']> & Answers<Schemas['Payment']> };
}

export interface components {
  schemas: {
    Problem: { status: number; code: string; message: string; traceId?: string; retryable?: boolean; errors?: { field: string; code: string; message: string }[] };
    Session: { user: { id: string; name: string; role: 'OWNER' | 'STAFF' | 'OPERATOR'; loginId: string }; merchantId?: string };
    Merchant: {
      id: string;
      name: string;
      businessNumber: string;
      ownerName?: string;
      address?: string;
      phone?: string;
      taxType: 'TAXABLE' | 'TAX_FREE' | 'MIXED';
      vatRounding: 'NEAREST' | 'FLOOR';
      authenticationLevel: 'NONE' | 'PARTIAL' | 'FULL';
      minimumCardAmount: number;
      signatureLimit: number;
    };
    Installments: { minimumAmount: number; months: { months: number; interestFree: boolean }[]; reason?: string };
    Category: { id: string; name: string };
    Product: { id: string; categoryId?: string; name: string; price: number; taxFree: boolean; soldOut?: boolean };
    Signature: { strokes: number[][][] };
    Item: { productId?: string; name: string; unitPrice: number; quantity: number; discount?: number; taxFree?: boolean };
    PaymentQuery: {
      from?: string;
      to?: string;
      channel?: string[];
      status?: string[];
      minAmount?: number;
      maxAmount?: number;
      q?: string;
      approvalNumber?: string;
      cardLast4?: string;
      issuerCode?: string;
      installmentMonths?: number;
      buyerName?: string;
      buyerPhoneLast4?: string;
      staffId?: string;
    };
    PaymentRequest: {
      method: 'CARD';
      orderId: string;
      orderName: string;
      amount: number;
      taxFreeAmount?: number;
      serviceFee?: number;
      items?: Schemas['Item'][];
      installmentMonths?: number;
      buyer?: { name?: string; phone?: string; email?: string };
      signature?: Schemas['Signature'];
      card: { entry: 'KEY_IN'; number: string; expiryMonth: string; expiryYear: string; birthOrBusinessNumber?: string; passwordTwoDigits?: string };
    };
    CancelRequest: { reason: string; amount?: number; taxFreeAmount?: number; cancelPassword: string };
    Cancel: {
      id: string;
      amount: number;
      taxFreeAmount: number;
      serviceFee: number;
      vat: number;
      reason: string;
      kind: 'VOID' | 'REFUND';
      status: 'IN_PROGRESS' | 'DONE' | 'FAILED' | 'UNKNOWN';
      requestedAt: string;
      canceledAt?: string;
      cancelNumber?: string;
      failure?: { code: string; message: string };
    };
    Payment: {
      id: string;
      merchantId: string;
      method: 'CARD' | 'CASH';
      channel: 'CARD' | 'SMS' | 'ARS' | 'CASH';
      status: 'READY' | 'IN_PROGRESS' | 'UNKNOWN' | 'DONE' | 'PARTIAL_CANCELED' | 'CANCELED' | 'ABORTED' | 'EXPIRED';
      acquireStatus?: 'READY' | 'REQUESTED' | 'COMPLETED' | 'CANCEL_REQUESTED' | 'CANCELED';
      orderId: string;
      orderName: string;
      amount: number;
      balanceAmount: number;
      suppliedAmount: number;
      vat: number;
      taxFreeAmount: number;
      serviceFee: number;
      items?: Schemas['Item'][];
      buyer?: { name?: string; phone?: string; email?: string };
      requestedAt: string;
      approvedAt?: string;
      signatureMissing?: boolean;
      card?: {
        maskedNumber: string;
        issuerCode?: string;
        issuerName?: string;
        acquirerCode?: string;
        acquirerName?: string;
        type?: 'CREDIT' | 'CHECK' | 'GIFT';
        installmentMonths: number;
        interestFree?: boolean;
        approvalNumber?: string;
        entry: string;
      };
      failure?: { code: string; message: string };
      cancels?: Schemas['Cancel'][];
      receiptUrl?: string;
    };
    Summary: { count: number; amount: number; canceledCount: number; canceledAmount: number; netAmount: number };
  };
}

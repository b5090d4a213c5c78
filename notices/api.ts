export {alertBudget} from './adapters/budget-rows.ts';
export {alertNotices, alertTiers} from './adapters/told-rows.ts';
export {AlertRules, DEFAULT_ALERT_RULES} from './core/alert-rules.ts';
export {
  CUSTOMER_REASONS,
  CustomerRules,
  DEFAULT_CUSTOMER_RULES,
  PLACEHOLDERS,
} from './core/customer-notice.ts';
export {phraseAlert} from './core/phrase-alert.ts';
export {CHANNELS} from './core/recipient.ts';
export type {NoticeDesk, TemplateDesk} from './desk.ts';

export {AlertRules, DEFAULT_ALERT_RULES} from './core/alert-rules.ts';
export {phraseAlert} from './core/phrase-alert.ts';

// What people call a unit: its service in their words, and who runs it.
import { operatorOfFigure } from './operators.js';
import { say, technologyName } from './say.js';
import { words, type Word } from './words.js';

const GENERATION = /^\d+g$/;

export function serviceName(service: string): string {
  const key = `service ${service}`;
  if (key in words) return say(key as Word);
  return GENERATION.test(service) ? service.toUpperCase() : technologyName(service);
}

export const unitName = (service: string, operator: string | null): string => [serviceName(service), operator ? operatorOfFigure(operator) : ''].filter(Boolean).join(' · ');

// site/4g@a
export function unitNameOf(unit: string): string {
  const [service = '', operator = ''] = unit.slice(unit.indexOf('/') + 1).split('@');
  return unitName(service, operator);
}

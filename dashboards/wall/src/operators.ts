// What people call an operator: the inventory's name of an id, or which of them together.
import { model } from './model.js';
import { say, sayOf } from './say.js';

const named = (operator: string): string => model.coverage.find((c) => c.operator === operator)?.operator_name ?? operator;

// Of a figure of availability: all operators together, or one.
export const operatorOfFigure = (operator: string | undefined): string => (operator === undefined || operator === 'all' ? say('operator together') : named(operator));

// Of a line of coverage: at least one, each of them, or one.
export const operatorOfCoverage = (operator: string): string => (operator === 'any' || operator === 'all' ? sayOf('operator', operator) : named(operator));

// What was wrong with an operator's table, in the reader's language: the collector says it in English, with file and line. A
// sentence that a newer collector may say and this page does not know stays as it is.
import { currentLanguage } from '../say.js';

// Each sentence as the collector has it (collector/core/feed_*.c, csv.c, shell/feeds*.c); (.*) is what it quotes.
export const SENTENCES: readonly (readonly [string, string])[] = [
  ['unknown site', 'không có trạm'],
  ['more than one site has the code or alias', 'nhiều trạm có cùng mã'],
  ['unknown service', 'không có dịch vụ'],
  ['unknown area', 'không có địa bàn'],
  ['no date and time', 'không phải ngày giờ'],
  ['not the operator of this feed:', 'không phải nhà mạng của kênh này:'],
  ['it ends before it begins:', 'kết thúc trước khi bắt đầu:'],
  ['too many rows; no room for site', 'quá nhiều dòng, không còn chỗ cho trạm'],
  ['no unit of this operator at site', 'nhà mạng này không có dịch vụ tại trạm'],
  ['a time later than the table itself', 'thời điểm muộn hơn chính bảng này'],
  ['a state that words does not explain', 'trạng thái chưa khai báo trong words:'],
  ['older than max_age:', 'cũ hơn max_age:'],
  ['it is of (.*): older than max_age', 'bảng của lúc {0}: cũ hơn max_age'],
  ['its time (.*) lies ahead of our clock', 'giờ của bảng ({0}) sớm hơn đồng hồ trung tâm'],
  ['more than (.*) MiB', 'lớn hơn {0} MiB'],
  ['the row is left out', 'dòng bị loại'],
  ['says again what line (.*) says, for the same time; it is left out', 'lặp lại dòng {0}, cùng thời gian; dòng bị loại'],
  ['(.*) cells where the header has (.*): is the row cut off\\? It is left out', '{0} ô trong khi tiêu đề có {1}: dòng bị cắt? Dòng bị loại'],
  ['no column "(.*)" \\((.*)\\); the table has (.*)', 'không có cột "{0}" ({1}); bảng có {2}'],
  ['no header: (.*)', 'không có dòng tiêu đề: {0}'],
  ['the table is empty', 'bảng trống'],
  ['not UTF-8; is it windows-1258\\? see feed.encoding', 'không phải UTF-8; có phải windows-1258? xem feed.encoding'],
  ['a quote is opened and never closed', 'dấu ngoặc kép mở mà không đóng'],
  ['its quoted cells are too long', 'ô trong ngoặc kép quá dài'],
  ['text after a closing quote', 'có chữ sau dấu ngoặc kép đóng'],
  ['too many cells', 'quá nhiều ô'],
  ['the record is too long', 'dòng quá dài'],
  ['the answer is larger than (.*) MiB', 'trả lời lớn hơn {0} MiB'],
  ['the answer is (\\d+)', 'trả lời là {0}'],
];

const PATTERNS = SENTENCES.map(([english, vietnamese]) => [new RegExp(`^${english}`), vietnamese] as const);
const QUOTED = /^(.*?)( "[^"]*")?; the row is left out$/;

function sentence(text: string): string {
  for (const [pattern, vietnamese] of PATTERNS) {
    const found = pattern.exec(text);
    if (found?.[0] === text) return found.slice(1).reduce<string>((made, part, i) => made.replace(`{${i}}`, () => sentence(part)), vietnamese);
  }
  const [, what = '', quoted = ''] = QUOTED.exec(text) ?? [];
  return what === '' ? text : `${sentence(what)}${quoted}; ${sentence('the row is left out')}`;
}

// "states.csv:4: unknown site "x"; the row is left out": where stays, what is said anew.
export function complaint(text: string): string {
  if (currentLanguage() === 'en') return text;
  const [, where = '', what = text] = /^(\S+:\d+: )?(.*)$/s.exec(text) ?? [];
  return where + sentence(what);
}

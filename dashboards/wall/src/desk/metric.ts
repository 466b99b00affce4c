// What a check measured, in words and numbers of people: names of the metrics that our checks report, values with their units. A metric
// that is not named here (a plugin's, a plant's of its own) goes by its own name.
import { currentLanguage, duration, locale, ratio } from '../say.js';

export interface Reading { probe: string; check: string; metric: string; unit: string | null; at: string | null; number?: number; flag?: boolean; text?: string }

interface Named { vi: string; en: string }

const METRICS: Record<string, Named> = {
  rtt: { vi: 'độ trễ', en: 'latency' },
  jitter: { vi: 'biến thiên trễ', en: 'jitter' },
  loss: { vi: 'mất gói', en: 'loss' },
  rx_power: { vi: 'công suất thu', en: 'received power' },
  tx_power: { vi: 'công suất phát', en: 'sent power' },
  rx_drop: { vi: 'suy giảm so với bình thường', en: 'below usual' },
  bias: { vi: 'dòng laser', en: 'laser current' },
  vcc: { vi: 'điện áp mô-đun', en: 'module supply' },
  temperature: { vi: 'nhiệt độ', en: 'temperature' },
  mains: { vi: 'điện lưới', en: 'mains' },
  voltage: { vi: 'điện áp', en: 'voltage' },
  alarms: { vi: 'cảnh báo', en: 'alarms' },
  mains_v: { vi: 'điện áp lưới', en: 'mains voltage' },
  rectifier: { vi: 'bộ nắn tốt', en: 'rectifier works' },
  generator: { vi: 'máy phát chạy', en: 'generator runs' },
  battery_v: { vi: 'điện áp ắc quy', en: 'battery voltage' },
  battery_a: { vi: 'dòng ắc quy', en: 'battery current' },
  soc: { vi: 'ắc quy còn', en: 'state of charge' },
  minutes_left: { vi: 'ắc quy còn', en: 'battery lasts' },
  lvd: { vi: 'ngắt ắc quy điện áp thấp', en: 'low-voltage disconnect' },
  fuel: { vi: 'nhiên liệu', en: 'fuel' },
  door: { vi: 'cửa mở', en: 'door open' },
  smoke: { vi: 'báo khói', en: 'smoke' },
  flood: { vi: 'ngập nước', en: 'flood' },
  humidity: { vi: 'độ ẩm', en: 'humidity' },
  cpu: { vi: 'bộ xử lý', en: 'CPU' },
  memory: { vi: 'bộ nhớ', en: 'memory' },
  disk: { vi: 'ổ đĩa', en: 'disk' },
  load: { vi: 'tải', en: 'load' },
  uptime: { vi: 'đã chạy', en: 'up for' },
  clock_synced: { vi: 'đồng hồ đồng bộ', en: 'clock synchronised' },
  carrier: { vi: 'có tín hiệu cổng', en: 'carrier' },
  speed: { vi: 'tốc độ cổng', en: 'port speed' },
  rx_rate: { vi: 'lưu lượng thu', en: 'received' },
  tx_rate: { vi: 'lưu lượng phát', en: 'sent' },
  errors: { vi: 'lỗi', en: 'errors' },
  rx_errors: { vi: 'lỗi thu', en: 'errors received' },
  tx_errors: { vi: 'lỗi phát', en: 'errors sent' },
  rsrp: { vi: 'mức thu RSRP', en: 'signal level RSRP' },
  technology: { vi: 'công nghệ', en: 'technology' },
  connect: { vi: 'kết nối', en: 'connect' },
  response: { vi: 'trả lời', en: 'response' },
  total: { vi: 'tổng thời gian', en: 'total time' },
  status: { vi: 'mã trả lời', en: 'status' },
  cert_days: { vi: 'chứng chỉ còn (ngày)', en: 'certificate lasts (days)' },
  onts: { vi: 'đầu cuối quang', en: 'optical terminals' },
  onts_online: { vi: 'đang hoạt động', en: 'online' },
};

export const metricName = (metric: string): string => METRICS[metric]?.[currentLanguage()] ?? metric;

const plainNumber = (value: number): string => new Intl.NumberFormat(locale(), { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 }).format(value);

// How many of the larger unit, once there is one of it.
const rate = (value: number): string => {
  const [scale, unit] = value >= 1e6 ? [1e6, 'Mbit/s'] : value >= 1e3 ? [1e3, 'kbit/s'] : [1, 'bit/s'];
  return `${plainNumber(value / scale)} ${unit}`;
};

const SPOKEN: Record<string, (value: number) => string> = {
  '/': (value) => ratio(value, 1),
  's': (value) => duration(value * 1000),
  'min': (value) => duration(value * 60000),
  'Cel': (value) => `${plainNumber(value)} °C`,
  'bit/s': rate,
  'count': plainNumber,
  '': plainNumber,
};

const FLAGS: Record<'yes' | 'no', Named> = { yes: { vi: 'có', en: 'yes' }, no: { vi: 'không', en: 'no' } };

export function valueText(reading: Reading): string {
  if (reading.flag !== undefined) return FLAGS[reading.flag ? 'yes' : 'no'][currentLanguage()];
  if (reading.number === undefined) return reading.text ?? '';
  const unit = reading.unit ?? '';
  return SPOKEN[unit]?.(reading.number) ?? `${plainNumber(reading.number)} ${unit}`;
}

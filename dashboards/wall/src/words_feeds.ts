// Words of what operators hand over.
export const feedWords = {
  'feeds': { vi: 'Số liệu nhà mạng', en: "Operators' data" },
  'feed': { vi: 'kênh số liệu', en: 'feed' },
  'no feed': { vi: 'Chưa có nhà mạng nào gửi số liệu.', en: 'No operator hands over data yet.' },
  'delay': { vi: 'độ trễ', en: 'delay' },
  'rows': { vi: 'dòng', en: 'rows' },
  'rows refused': { vi: 'dòng bị loại', en: 'rows left out' },
  'what is wrong': { vi: 'vấn đề', en: 'what is wrong' },
  'no table yet': { vi: 'chưa nhận bảng nào', en: 'no table yet' },
  'disagreements': { vi: 'Lệch số liệu', en: 'Disagreements' },
  'no disagreement': { vi: 'Số liệu đo và số liệu nhà mạng khớp nhau.', en: 'What was measured and what operators say agree.' },
  'source measured': { vi: 'đo trực tiếp', en: 'measured' },
  'source operator': { vi: 'nhà mạng báo', en: 'operator says' },
} as const;

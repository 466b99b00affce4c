// Words of charts and of what they show.
export const trendWords = {
  'trends': { vi: 'Diễn biến', en: 'Trends' },
  'chart hint': { vi: 'Trỏ vào biểu đồ hoặc dùng phím mũi tên để xem từng mốc.', en: 'Point at the chart, or use the arrow keys, to read a step.' },
  'chart lost': { vi: 'mất', en: 'lost' },
  'chart unsure': { vi: 'không rõ', en: 'unknown' },
  'chart seen': { vi: 'nền: phần được giám sát', en: 'ground: share observed' },
  'chart failed': { vi: 'Không tải được biểu đồ; bảng số liệu vẫn tải về được.', en: 'The chart could not be fetched; its table can still be saved.' },
  'availability by day': { vi: 'Độ khả dụng theo ngày, 30 ngày', en: 'Availability by day, 30 days' },
  'coverage by hour': { vi: 'Vùng phủ thực tế theo giờ, 7 ngày', en: 'Live coverage by hour, 7 days' },
  'lowest figure': { vi: 'thấp nhất', en: 'at least' },
  'live with unknown': { vi: 'kể cả không rõ', en: 'with unknown' },
  'site timelines': { vi: 'Diễn biến trạng thái các trạm', en: 'State timelines of the sites' },
  'page of': { vi: '{0}–{1} / {2}', en: '{0}–{1} of {2}' },
  'page before': { vi: 'Trước', en: 'Previous' },
  'page after': { vi: 'Sau', en: 'Next' },
} as const;

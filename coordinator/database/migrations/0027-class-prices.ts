/** A class has no price factor of its own, which nothing read: the price book has it, by time. */
export const sql = `
UPDATE service_classes SET settings = json_remove(settings, '$.priceFactor')
  WHERE json_type(settings, '$.priceFactor') IS NOT NULL;
UPDATE service_class_versions SET settings = json_remove(settings, '$.priceFactor')
  WHERE json_type(settings, '$.priceFactor') IS NOT NULL;
`;

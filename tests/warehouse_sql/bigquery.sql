SELECT
  `t12`.`line`,
  `t12`.`wrong` AS `wrong_line`,
  `t12`.`key` AS `customer`,
  `t12`.`w_email` AS `email`,
  `t12`.`w_name` AS `name`,
  `t12`.`w_locale` AS `locale`,
  `t12`.`w_country` AS `country`,
  `t12`.`w_segment` AS `segment`,
  `t12`.`w_currency` AS `currency`,
  `t12`.`w_order` AS `order`,
  `t12`.`tier`,
  `t12`.`value`,
  `t12`.`excluded`,
  `t12`.`owed_money_back`,
  `t12`.`fault`,
  `t12`.`cell`
FROM (
  SELECT
    `t11`.`key`,
    `t11`.`alone`,
    `t11`.`line`,
    `t11`.`w_customer`,
    `t11`.`w_email`,
    `t11`.`w_name`,
    `t11`.`w_locale`,
    `t11`.`w_country`,
    `t11`.`w_segment`,
    `t11`.`w_currency`,
    `t11`.`w_order`,
    `t11`.`v0`,
    `t11`.`v1`,
    `t11`.`v2`,
    CASE
      WHEN `t11`.`fault` IS NOT NULL
      THEN `t11`.`fault`
      WHEN (
        (
          `t11`.`tier_at` >= 0
        ) OR (
          `t11`.`excluded_at` >= 0
        ) OR `t11`.`owing`
      )
      AND (
        (
          LENGTH(`t11`.`key`) > 300
        )
        OR (
          LENGTH(`t11`.`w_email`) > 300
        )
        OR (
          LENGTH(`t11`.`w_name`) > 300
        )
        OR (
          LENGTH(
            CASE
              WHEN LOWER(`t11`.`w_locale`) = 'english'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'anglais'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'inglés'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'ingles'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'ingilizce'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'английский'
              THEN 'en'
              WHEN LOWER(`t11`.`w_locale`) = 'français'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'francais'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'french'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'francés'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'frances'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'fransızca'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'французский'
              THEN 'fr'
              WHEN LOWER(`t11`.`w_locale`) = 'español'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'espanol'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'spanish'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'espagnol'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'castellano'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'i̇spanyolca'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'ispanyolca'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'испанский'
              THEN 'es'
              WHEN LOWER(`t11`.`w_locale`) = 'türkçe'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'turkce'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'turkish'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'turc'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'turco'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'турецкий'
              THEN 'tr'
              WHEN LOWER(`t11`.`w_locale`) = 'русский'
              THEN 'ru'
              WHEN LOWER(`t11`.`w_locale`) = 'russian'
              THEN 'ru'
              WHEN LOWER(`t11`.`w_locale`) = 'russe'
              THEN 'ru'
              WHEN LOWER(`t11`.`w_locale`) = 'ruso'
              THEN 'ru'
              WHEN LOWER(`t11`.`w_locale`) = 'rusça'
              THEN 'ru'
              ELSE COALESCE(
                IF(
                  REGEXP_CONTAINS(LOWER(`t11`.`w_locale`), '^[^-_.@ ]*'),
                  IF(
                    0 = 0,
                    REGEXP_REPLACE(LOWER(`t11`.`w_locale`), CONCAT('.*?', CONCAT('(', '^[^-_.@ ]*', ')'), '.*'), '\\1'),
                    REGEXP_REPLACE(
                      LOWER(`t11`.`w_locale`),
                      CONCAT('.*?', '^[^-_.@ ]*', '.*'),
                      CONCAT('\\', CAST(0 AS STRING))
                    )
                  ),
                  NULL
                ),
                ''
              )
            END
          ) > 300
        )
        OR (
          LENGTH(`t11`.`w_country`) > 300
        )
        OR (
          LENGTH(`t11`.`w_segment`) > 300
        )
      )
      THEN 'too long'
      ELSE CAST(NULL AS STRING)
    END AS `fault`,
    `t11`.`cell`,
    `t11`.`wrong`,
    `t11`.`wrong_currency`,
    `t11`.`kept`,
    `t11`.`rows`,
    `t11`.`outside`,
    `t11`.`repeated`,
    `t11`.`countries`,
    `t11`.`lines`,
    `t11`.`merged`,
    `t11`.`tier_at`,
    CASE WHEN `t11`.`excluded_at` >= 0 THEN 0 ELSE `t11`.`value` END AS `value`,
    `t11`.`owing`,
    `t11`.`o0`,
    `t11`.`excluded_at`,
    `t11`.`was_owing`,
    CASE WHEN `t11`.`tier_at` = 0 THEN 'thanks' ELSE '' END AS `tier`,
    CASE WHEN `t11`.`excluded_at` = 0 THEN 'staff' ELSE '' END AS `excluded`,
    CASE WHEN `t11`.`owing` THEN `t11`.`o0` ELSE 0 END AS `owed_money_back`,
    (
      `t11`.`tier_at` >= 0
    ) OR (
      `t11`.`excluded_at` >= 0
    ) OR `t11`.`owing` AS `affected`
  FROM (
    SELECT
      `t10`.`key`,
      `t10`.`alone`,
      `t10`.`line`,
      `t10`.`w_customer`,
      `t10`.`w_email`,
      `t10`.`w_name`,
      `t10`.`w_locale`,
      `t10`.`w_country`,
      `t10`.`w_segment`,
      COALESCE(`t10`.`w_currency`, `t10`.`wrong_currency`) AS `w_currency`,
      `t10`.`w_order`,
      `t10`.`v0`,
      `t10`.`v1`,
      `t10`.`v2`,
      CASE
        WHEN `t10`.`fault` IS NOT NULL
        THEN `t10`.`fault`
        WHEN (
          `t10`.`v0` > 0
        ) AND (
          `t10`.`v1` = 0
        )
        THEN 'no sum money-back'
        ELSE CAST(NULL AS STRING)
      END AS `fault`,
      `t10`.`cell`,
      CASE WHEN `t10`.`fault` IS NOT NULL THEN `t10`.`wrong` ELSE `t10`.`line` END AS `wrong`,
      `t10`.`wrong_currency`,
      `t10`.`kept`,
      `t10`.`rows`,
      `t10`.`outside`,
      `t10`.`repeated`,
      `t10`.`countries`,
      `t10`.`lines`,
      CASE WHEN `t10`.`kept` > 1 THEN 1 ELSE 0 END AS `merged`,
      CASE WHEN `t10`.`v0` >= 2 THEN 0 ELSE -1 END AS `tier_at`,
      CASE
        WHEN (
          CASE WHEN `t10`.`v0` >= 2 THEN 0 ELSE -1 END = 0
        )
        AND (
          COALESCE(`t10`.`w_currency`, `t10`.`wrong_currency`) = 'EUR'
        )
        THEN CAST('5.500000000' AS NUMERIC)
        ELSE 0
      END AS `value`,
      `t10`.`v0` > 0 AS `owing`,
      CASE WHEN `t10`.`v0` > 0 THEN `t10`.`v1` ELSE 0 END AS `o0`,
      CASE
        WHEN (
          CASE WHEN `t10`.`v0` >= 2 THEN 0 ELSE -1 END < 0
        ) AND (
          `t10`.`v0` > 0
        )
        THEN -1
        ELSE CASE
          WHEN (
            CASE WHEN `t10`.`v0` >= 2 THEN 0 ELSE -1 END >= 0
          ) OR (
            `t10`.`v0` > 0
          )
          THEN CASE WHEN `t10`.`v2` THEN 0 ELSE -1 END
          ELSE -1
        END
      END AS `excluded_at`,
      `t10`.`v0` > 0 AS `was_owing`
    FROM (
      SELECT
        `t9`.`key`,
        `t9`.`alone`,
        MIN(`t9`.`nth`) AS `line`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_customer`, NULL)) AS `w_customer`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_email`, NULL)) AS `w_email`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_name`, NULL)) AS `w_name`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_locale`, NULL)) AS `w_locale`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_country`, NULL)) AS `w_country`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_segment`, NULL)) AS `w_segment`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_currency`, NULL)) AS `w_currency`,
        MAX(IF(`t9`.`is_first`, `t9`.`w_order`, NULL)) AS `w_order`,
        COALESCE(SUM(IF(`t9`.`good`, `t9`.`v0`, NULL)), 0) AS `v0`,
        COALESCE(SUM(IF(`t9`.`good`, `t9`.`v1`, NULL)), 0) AS `v1`,
        COALESCE(LOGICAL_OR(IF(`t9`.`good`, `t9`.`v2`, NULL)), FALSE) AS `v2`,
        MAX(IF(COALESCE(`t9`.`nth` = `t9`.`wrong_at`, FALSE), `t9`.`fault`, NULL)) AS `fault`,
        MAX(IF(COALESCE(`t9`.`nth` = `t9`.`wrong_at`, FALSE), `t9`.`cell`, NULL)) AS `cell`,
        MIN(`t9`.`wrong_at`) AS `wrong`,
        MAX(IF(COALESCE(`t9`.`nth` = `t9`.`wrong_at`, FALSE), `t9`.`w_currency`, NULL)) AS `wrong_currency`,
        SUM(CASE WHEN `t9`.`kept` THEN 1 ELSE 0 END) AS `kept`,
        COUNT(*) AS `rows`,
        SUM(CASE WHEN `t9`.`outside` AND NOT (
          `t9`.`again`
        ) THEN 1 ELSE 0 END) AS `outside`,
        SUM(CASE WHEN `t9`.`again` THEN 1 ELSE 0 END) AS `repeated`,
        MAX(CASE WHEN `t9`.`moved` THEN 1 ELSE 0 END) AS `countries`,
        COUNT(DISTINCT `t9`.`nth`) AS `lines`
      FROM (
        SELECT
          `t8`.`nth`,
          `t8`.`key`,
          `t8`.`outside`,
          `t8`.`fault`,
          `t8`.`cell`,
          `t8`.`w_customer`,
          `t8`.`w_email`,
          `t8`.`w_name`,
          `t8`.`w_locale`,
          `t8`.`w_country`,
          `t8`.`w_segment`,
          `t8`.`w_currency`,
          `t8`.`w_order`,
          `t8`.`v0`,
          `t8`.`v1`,
          `t8`.`v2`,
          `t8`.`alone`,
          `t8`.`inside`,
          `t8`.`numbered`,
          `t8`.`came`,
          `t8`.`again`,
          `t8`.`kept`,
          `t8`.`good`,
          `t8`.`first_at`,
          `t8`.`is_first`,
          `t8`.`land`,
          `t8`.`first_currency`,
          `t8`.`first_land`,
          `t8`.`moved`,
          MIN(IF(`t8`.`fault` IS NOT NULL, `t8`.`nth`, NULL)) OVER (
            PARTITION BY `t8`.`key`, `t8`.`alone`
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS `wrong_at`
        FROM (
          SELECT
            `t7`.`nth`,
            `t7`.`key`,
            `t7`.`outside`,
            CASE
              WHEN COALESCE(`t7`.`good` AND (
                `t7`.`w_currency` <> `t7`.`first_currency`
              ), FALSE)
              THEN 'two currencies'
              WHEN `t7`.`kept`
              THEN `t7`.`fault`
              ELSE CAST(NULL AS STRING)
            END AS `fault`,
            CASE
              WHEN COALESCE(`t7`.`good` AND (
                `t7`.`w_currency` <> `t7`.`first_currency`
              ), FALSE)
              THEN CONCAT(CONCAT(`t7`.`first_currency`, ' and '), `t7`.`w_currency`)
              ELSE `t7`.`cell`
            END AS `cell`,
            `t7`.`w_customer`,
            `t7`.`w_email`,
            `t7`.`w_name`,
            `t7`.`w_locale`,
            `t7`.`w_country`,
            `t7`.`w_segment`,
            `t7`.`w_currency`,
            `t7`.`w_order`,
            `t7`.`v0`,
            `t7`.`v1`,
            `t7`.`v2`,
            `t7`.`alone`,
            `t7`.`inside`,
            `t7`.`numbered`,
            `t7`.`came`,
            `t7`.`again`
            OR (
              `t7`.`good` AND NOT (
                `t7`.`numbered`
              ) AND NOT (
                `t7`.`is_first`
              )
            ) AS `again`,
            `t7`.`kept`,
            `t7`.`good`,
            `t7`.`first_at`,
            `t7`.`is_first`,
            `t7`.`land`,
            `t7`.`first_currency`,
            `t7`.`first_land`,
            COALESCE(
              `t7`.`good`
              AND (
                (
                  `t7`.`land` <> ''
                )
                AND (
                  `t7`.`first_land` <> ''
                )
                AND (
                  `t7`.`land` <> `t7`.`first_land`
                )
              ),
              FALSE
            ) AS `moved`
          FROM (
            SELECT
              `t6`.`nth`,
              `t6`.`key`,
              `t6`.`outside`,
              `t6`.`fault`,
              `t6`.`cell`,
              `t6`.`w_customer`,
              `t6`.`w_email`,
              `t6`.`w_name`,
              `t6`.`w_locale`,
              `t6`.`w_country`,
              `t6`.`w_segment`,
              `t6`.`w_currency`,
              `t6`.`w_order`,
              `t6`.`v0`,
              `t6`.`v1`,
              `t6`.`v2`,
              `t6`.`alone`,
              `t6`.`inside`,
              `t6`.`numbered`,
              `t6`.`came`,
              `t6`.`again`,
              `t6`.`kept`,
              `t6`.`good`,
              `t6`.`first_at`,
              `t6`.`is_first`,
              UPPER(`t6`.`w_country`) AS `land`,
              MAX(IF(`t6`.`is_first`, `t6`.`w_currency`, NULL)) OVER (
                PARTITION BY `t6`.`key`, `t6`.`alone`
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS `first_currency`,
              MAX(IF(`t6`.`is_first`, UPPER(`t6`.`w_country`), NULL)) OVER (
                PARTITION BY `t6`.`key`, `t6`.`alone`
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS `first_land`
            FROM (
              SELECT
                `t5`.`nth`,
                `t5`.`key`,
                `t5`.`outside`,
                `t5`.`fault`,
                `t5`.`cell`,
                `t5`.`w_customer`,
                `t5`.`w_email`,
                `t5`.`w_name`,
                `t5`.`w_locale`,
                `t5`.`w_country`,
                `t5`.`w_segment`,
                `t5`.`w_currency`,
                `t5`.`w_order`,
                `t5`.`v0`,
                `t5`.`v1`,
                `t5`.`v2`,
                `t5`.`alone`,
                `t5`.`inside`,
                `t5`.`numbered`,
                `t5`.`came`,
                `t5`.`again`,
                `t5`.`kept`,
                `t5`.`good`,
                `t5`.`first_at`,
                COALESCE(`t5`.`nth` = `t5`.`first_at`, FALSE) AS `is_first`
              FROM (
                SELECT
                  `t4`.`nth`,
                  `t4`.`key`,
                  `t4`.`outside`,
                  `t4`.`fault`,
                  `t4`.`cell`,
                  `t4`.`w_customer`,
                  `t4`.`w_email`,
                  `t4`.`w_name`,
                  `t4`.`w_locale`,
                  `t4`.`w_country`,
                  `t4`.`w_segment`,
                  `t4`.`w_currency`,
                  `t4`.`w_order`,
                  `t4`.`v0`,
                  `t4`.`v1`,
                  `t4`.`v2`,
                  `t4`.`alone`,
                  `t4`.`inside`,
                  `t4`.`numbered`,
                  `t4`.`came`,
                  `t4`.`again`,
                  `t4`.`kept`,
                  `t4`.`good`,
                  MIN(IF(`t4`.`good`, `t4`.`nth`, NULL)) OVER (
                    PARTITION BY `t4`.`key`, `t4`.`alone`
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                  ) AS `first_at`
                FROM (
                  SELECT
                    `t3`.`nth`,
                    `t3`.`key`,
                    `t3`.`outside`,
                    `t3`.`fault`,
                    `t3`.`cell`,
                    `t3`.`w_customer`,
                    `t3`.`w_email`,
                    `t3`.`w_name`,
                    `t3`.`w_locale`,
                    `t3`.`w_country`,
                    `t3`.`w_segment`,
                    `t3`.`w_currency`,
                    `t3`.`w_order`,
                    `t3`.`v0`,
                    `t3`.`v1`,
                    `t3`.`v2`,
                    `t3`.`alone`,
                    `t3`.`inside`,
                    `t3`.`numbered`,
                    `t3`.`came`,
                    `t3`.`numbered` AND COALESCE(`t3`.`nth` > `t3`.`came`, FALSE) AS `again`,
                    `t3`.`inside`
                    AND NOT (
                      `t3`.`numbered` AND COALESCE(`t3`.`nth` > `t3`.`came`, FALSE)
                    ) AS `kept`,
                    `t3`.`inside`
                    AND NOT (
                      `t3`.`numbered` AND COALESCE(`t3`.`nth` > `t3`.`came`, FALSE)
                    )
                    AND (
                      `t3`.`fault` IS NULL
                    ) AS `good`
                  FROM (
                    SELECT
                      `t2`.`nth`,
                      `t2`.`key`,
                      `t2`.`outside`,
                      `t2`.`fault`,
                      `t2`.`cell`,
                      `t2`.`w_customer`,
                      `t2`.`w_email`,
                      `t2`.`w_name`,
                      `t2`.`w_locale`,
                      `t2`.`w_country`,
                      `t2`.`w_segment`,
                      `t2`.`w_currency`,
                      `t2`.`w_order`,
                      `t2`.`v0`,
                      `t2`.`v1`,
                      `t2`.`v2`,
                      `t2`.`alone`,
                      `t2`.`inside`,
                      `t2`.`numbered`,
                      MIN(IF(`t2`.`inside`, `t2`.`nth`, NULL)) OVER (
                        PARTITION BY `t2`.`key`, `t2`.`alone`, `t2`.`w_order`
                        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                      ) AS `came`
                    FROM (
                      SELECT
                        `t1`.`nth`,
                        `t1`.`key`,
                        `t1`.`outside`,
                        `t1`.`fault`,
                        `t1`.`cell`,
                        `t1`.`w_customer`,
                        `t1`.`w_email`,
                        `t1`.`w_name`,
                        `t1`.`w_locale`,
                        `t1`.`w_country`,
                        `t1`.`w_segment`,
                        `t1`.`w_currency`,
                        `t1`.`w_order`,
                        `t1`.`v0`,
                        `t1`.`v1`,
                        `t1`.`v2`,
                        CASE WHEN `t1`.`key` = '' THEN `t1`.`nth` ELSE -1 END AS `alone`,
                        NOT (
                          `t1`.`outside`
                        ) AS `inside`,
                        `t1`.`w_order` <> '' AS `numbered`
                      FROM (
                        SELECT
                          `t0`.`nr` AS `nth`,
                          TRIM(COALESCE(`t0`.`customer_id`, ''), ' \t\n\r\v\f') AS `key`,
                          COALESCE(`t0`.`created_at` < TIMESTAMP('2025-03-02T00:00:00+00:00'), FALSE)
                          AND NOT (
                            (
                              `t0`.`created_at` IS NULL
                            )
                            OR COALESCE(
                              (
                                `t0`.`created_at` < TIMESTAMP('1995-01-01T00:00:00+00:00')
                              )
                              OR (
                                `t0`.`created_at` >= TIMESTAMP('2100-01-01T00:00:00+00:00')
                              ),
                              FALSE
                            )
                          ) AS `outside`,
                          CASE
                            WHEN `t0`.`created_at` IS NULL
                            THEN 'no time'
                            WHEN COALESCE(
                              (
                                `t0`.`created_at` < TIMESTAMP('1995-01-01T00:00:00+00:00')
                              )
                              OR (
                                `t0`.`created_at` >= TIMESTAMP('2100-01-01T00:00:00+00:00')
                              ),
                              FALSE
                            )
                            THEN 'time'
                            WHEN TRIM(COALESCE(`t0`.`customer_id`, ''), ' \t\n\r\v\f') = ''
                            THEN 'nobody'
                            WHEN LENGTH(LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f'))) > 300
                            THEN 'cell status'
                            WHEN NOT (
                              COALESCE(`t0`.`total` BETWEEN -1000000000000 AND 1000000000000, TRUE)
                            )
                            OR (
                              CAST(CASE
                                WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                THEN `t0`.`total`
                                ELSE CAST('0.00' AS NUMERIC)
                              END AS NUMERIC) < 0
                            )
                            OR (
                              CAST(CASE
                                WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                THEN `t0`.`total`
                                ELSE CAST('0.00' AS NUMERIC)
                              END AS NUMERIC) > 1000000000000
                            )
                            THEN 'cell total'
                            ELSE CAST(NULL AS STRING)
                          END AS `fault`,
                          CASE
                            WHEN `t0`.`created_at` IS NULL
                            THEN COALESCE(CAST(`t0`.`created_at` AS STRING), '')
                            WHEN COALESCE(
                              (
                                `t0`.`created_at` < TIMESTAMP('1995-01-01T00:00:00+00:00')
                              )
                              OR (
                                `t0`.`created_at` >= TIMESTAMP('2100-01-01T00:00:00+00:00')
                              ),
                              FALSE
                            )
                            THEN COALESCE(CAST(`t0`.`created_at` AS STRING), '')
                            WHEN TRIM(COALESCE(`t0`.`customer_id`, ''), ' \t\n\r\v\f') = ''
                            THEN ''
                            WHEN LENGTH(LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f'))) > 300
                            THEN TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f')
                            WHEN NOT (
                              COALESCE(`t0`.`total` BETWEEN -1000000000000 AND 1000000000000, TRUE)
                            )
                            OR (
                              CAST(CASE
                                WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                THEN `t0`.`total`
                                ELSE CAST('0.00' AS NUMERIC)
                              END AS NUMERIC) < 0
                            )
                            OR (
                              CAST(CASE
                                WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                THEN `t0`.`total`
                                ELSE CAST('0.00' AS NUMERIC)
                              END AS NUMERIC) > 1000000000000
                            )
                            THEN COALESCE(CAST(`t0`.`total` AS STRING), '')
                            ELSE CAST(NULL AS STRING)
                          END AS `cell`,
                          TRIM(COALESCE(`t0`.`customer_id`, ''), ' \t\n\r\v\f') AS `w_customer`,
                          '' AS `w_email`,
                          '' AS `w_name`,
                          '' AS `w_locale`,
                          '' AS `w_country`,
                          '' AS `w_segment`,
                          'EUR' AS `w_currency`,
                          TRIM(COALESCE(`t0`.`order_id`, ''), ' \t\n\r\v\f') AS `w_order`,
                          CASE
                            WHEN LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f')) = 'failed'
                            THEN 1
                            ELSE 0
                          END AS `v0`,
                          CASE
                            WHEN (
                              CAST(CAST(ROUND(
                                CAST(CASE
                                  WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                  THEN `t0`.`total`
                                  ELSE CAST('0.00' AS NUMERIC)
                                END AS NUMERIC),
                                2
                              ) AS NUMERIC) AS NUMERIC) > 0
                            )
                            AND (
                              LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f')) = 'failed'
                            )
                            THEN CAST(CAST(ROUND(
                              CAST(CASE
                                WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                THEN `t0`.`total`
                                ELSE CAST('0.00' AS NUMERIC)
                              END AS NUMERIC),
                              2
                            ) AS NUMERIC) AS NUMERIC)
                            ELSE 0
                          END AS `v1`,
                          COALESCE(`t0`.`staff`, FALSE) AS `v2`
                        FROM `shop`.`orders` AS `t0`
                      ) AS `t1`
                    ) AS `t2`
                  ) AS `t3`
                ) AS `t4`
              ) AS `t5`
            ) AS `t6`
          ) AS `t7`
        ) AS `t8`
      ) AS `t9`
      GROUP BY
        1,
        2
    ) AS `t10`
  ) AS `t11`
) AS `t12`
WHERE
  `t12`.`kept` > 0
  AND (
    (
      `t12`.`fault` IS NOT NULL
    ) OR `t12`.`affected`
  )
ORDER BY
  `t12`.`wrong` ASC NULLS LAST,
  `t12`.`key` ASC NULLS LAST

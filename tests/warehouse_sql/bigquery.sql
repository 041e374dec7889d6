SELECT
  `t16`.`line`,
  `t16`.`wrong` AS `wrong_line`,
  `t16`.`key` AS `customer`,
  `t16`.`w_email` AS `email`,
  `t16`.`w_name` AS `name`,
  `t16`.`w_locale` AS `locale`,
  `t16`.`w_country` AS `country`,
  `t16`.`w_segment` AS `segment`,
  `t16`.`w_currency` AS `currency`,
  `t16`.`w_order` AS `order`,
  `t16`.`tier`,
  `t16`.`value`,
  `t16`.`excluded`,
  `t16`.`owed_money_back`,
  `t16`.`fault`,
  `t16`.`cell`,
  `t16`.`n0`,
  `t16`.`n1`,
  `t16`.`n2`,
  `t16`.`n3`,
  `t16`.`kept`,
  `t16`.`rows`,
  `t16`.`l0`,
  `t16`.`l1`,
  `t16`.`l2`,
  `t16`.`l3`,
  `t16`.`l4`
FROM (
  SELECT
    `t15`.`key`,
    `t15`.`alone`,
    `t15`.`line`,
    `t15`.`w_customer`,
    `t15`.`w_email`,
    `t15`.`w_name`,
    `t15`.`w_locale`,
    `t15`.`w_country`,
    `t15`.`w_segment`,
    `t15`.`w_currency`,
    `t15`.`w_order`,
    `t15`.`v0`,
    `t15`.`v1`,
    `t15`.`v2`,
    `t15`.`l0`,
    `t15`.`l1`,
    `t15`.`l2`,
    `t15`.`l3`,
    `t15`.`l4`,
    `t15`.`n0`,
    `t15`.`n1`,
    `t15`.`n2`,
    `t15`.`n3`,
    CASE
      WHEN `t15`.`fault` IS NOT NULL
      THEN `t15`.`fault`
      WHEN (
        (
          `t15`.`tier_at` >= 0
        ) OR (
          `t15`.`excluded_at` >= 0
        ) OR `t15`.`owing`
      )
      AND (
        (
          LENGTH(`t15`.`key`) > 300
        )
        OR (
          LENGTH(`t15`.`w_email`) > 300
        )
        OR (
          LENGTH(`t15`.`w_name`) > 300
        )
        OR (
          LENGTH(
            CASE
              WHEN LOWER(`t15`.`w_locale`) = 'english'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'anglais'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'inglés'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'ingles'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'ingilizce'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'английский'
              THEN 'en'
              WHEN LOWER(`t15`.`w_locale`) = 'français'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'francais'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'french'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'francés'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'frances'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'fransızca'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'французский'
              THEN 'fr'
              WHEN LOWER(`t15`.`w_locale`) = 'español'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'espanol'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'spanish'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'espagnol'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'castellano'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'i̇spanyolca'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'ispanyolca'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'испанский'
              THEN 'es'
              WHEN LOWER(`t15`.`w_locale`) = 'türkçe'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'turkce'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'turkish'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'turc'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'turco'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'турецкий'
              THEN 'tr'
              WHEN LOWER(`t15`.`w_locale`) = 'русский'
              THEN 'ru'
              WHEN LOWER(`t15`.`w_locale`) = 'russian'
              THEN 'ru'
              WHEN LOWER(`t15`.`w_locale`) = 'russe'
              THEN 'ru'
              WHEN LOWER(`t15`.`w_locale`) = 'ruso'
              THEN 'ru'
              WHEN LOWER(`t15`.`w_locale`) = 'rusça'
              THEN 'ru'
              ELSE COALESCE(
                IF(
                  REGEXP_CONTAINS(LOWER(`t15`.`w_locale`), '^[^-_.@ ]*'),
                  IF(
                    0 = 0,
                    REGEXP_REPLACE(LOWER(`t15`.`w_locale`), CONCAT('.*?', CONCAT('(', '^[^-_.@ ]*', ')'), '.*'), '\\1'),
                    REGEXP_REPLACE(
                      LOWER(`t15`.`w_locale`),
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
          LENGTH(`t15`.`w_country`) > 300
        )
        OR (
          LENGTH(`t15`.`w_segment`) > 300
        )
      )
      THEN 'too long'
      ELSE CAST(NULL AS STRING)
    END AS `fault`,
    `t15`.`cell`,
    `t15`.`wrong`,
    `t15`.`wrong_currency`,
    `t15`.`kept`,
    `t15`.`rows`,
    `t15`.`outside`,
    `t15`.`repeated`,
    `t15`.`countries`,
    `t15`.`lines`,
    `t15`.`merged`,
    `t15`.`tier_at`,
    CASE WHEN `t15`.`excluded_at` >= 0 THEN 0 ELSE `t15`.`value` END AS `value`,
    `t15`.`owing`,
    `t15`.`o0`,
    `t15`.`excluded_at`,
    `t15`.`was_owing`,
    CASE WHEN `t15`.`tier_at` = 0 THEN 'thanks' ELSE '' END AS `tier`,
    CASE WHEN `t15`.`excluded_at` = 0 THEN 'staff' ELSE '' END AS `excluded`,
    CASE WHEN `t15`.`owing` THEN `t15`.`o0` ELSE 0 END AS `owed_money_back`,
    (
      `t15`.`tier_at` >= 0
    ) OR (
      `t15`.`excluded_at` >= 0
    ) OR `t15`.`owing` AS `affected`
  FROM (
    SELECT
      `t14`.`key`,
      `t14`.`alone`,
      `t14`.`line`,
      `t14`.`w_customer`,
      `t14`.`w_email`,
      `t14`.`w_name`,
      `t14`.`w_locale`,
      `t14`.`w_country`,
      `t14`.`w_segment`,
      CASE
        WHEN `t14`.`fault` IS NOT NULL
        THEN `t14`.`wrong_currency`
        ELSE `t14`.`w_currency`
      END AS `w_currency`,
      `t14`.`w_order`,
      `t14`.`v0`,
      `t14`.`v1`,
      `t14`.`v2`,
      `t14`.`l0`,
      `t14`.`l1`,
      `t14`.`l2`,
      `t14`.`l3`,
      `t14`.`l4`,
      `t14`.`n0`,
      `t14`.`n1`,
      `t14`.`n2`,
      `t14`.`n3`,
      CASE
        WHEN `t14`.`fault` IS NOT NULL
        THEN `t14`.`fault`
        WHEN (
          `t14`.`v0` > 0
        ) AND (
          `t14`.`v1` = 0
        )
        THEN 'no sum money-back'
        ELSE CAST(NULL AS STRING)
      END AS `fault`,
      `t14`.`cell`,
      CASE WHEN `t14`.`fault` IS NOT NULL THEN `t14`.`wrong` ELSE `t14`.`line` END AS `wrong`,
      `t14`.`wrong_currency`,
      `t14`.`kept`,
      `t14`.`rows`,
      `t14`.`outside`,
      `t14`.`repeated`,
      `t14`.`countries`,
      `t14`.`lines`,
      CASE WHEN `t14`.`kept` > 1 THEN 1 ELSE 0 END AS `merged`,
      CASE WHEN `t14`.`v0` >= 2 THEN 0 ELSE -1 END AS `tier_at`,
      CASE
        WHEN (
          CASE WHEN `t14`.`v0` >= 2 THEN 0 ELSE -1 END = 0
        )
        AND (
          CASE
            WHEN `t14`.`fault` IS NOT NULL
            THEN `t14`.`wrong_currency`
            ELSE `t14`.`w_currency`
          END = 'EUR'
        )
        THEN CAST('5.500000000' AS NUMERIC)
        ELSE 0
      END AS `value`,
      `t14`.`v0` > 0 AS `owing`,
      CASE WHEN `t14`.`v0` > 0 THEN `t14`.`v1` ELSE 0 END AS `o0`,
      CASE
        WHEN (
          CASE WHEN `t14`.`v0` >= 2 THEN 0 ELSE -1 END < 0
        ) AND (
          `t14`.`v0` > 0
        )
        THEN -1
        ELSE CASE
          WHEN (
            CASE WHEN `t14`.`v0` >= 2 THEN 0 ELSE -1 END >= 0
          ) OR (
            `t14`.`v0` > 0
          )
          THEN CASE WHEN `t14`.`v2` THEN 0 ELSE -1 END
          ELSE -1
        END
      END AS `excluded_at`,
      `t14`.`v0` > 0 AS `was_owing`
    FROM (
      SELECT
        `t13`.`key`,
        `t13`.`alone`,
        MIN(`t13`.`nth`) AS `line`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_customer`, NULL)) AS `w_customer`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_email`, NULL)) AS `w_email`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_name`, NULL)) AS `w_name`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_locale`, NULL)) AS `w_locale`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_country`, NULL)) AS `w_country`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_segment`, NULL)) AS `w_segment`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_currency`, NULL)) AS `w_currency`,
        MAX(IF(`t13`.`is_first`, `t13`.`w_order`, NULL)) AS `w_order`,
        COALESCE(SUM(IF(`t13`.`good`, `t13`.`v0`, NULL)), 0) AS `v0`,
        COALESCE(SUM(IF(`t13`.`good`, `t13`.`v1`, NULL)), 0) AS `v1`,
        COALESCE(LOGICAL_OR(IF(`t13`.`good`, `t13`.`v2`, NULL)), FALSE) AS `v2`,
        MAX(IF(`t13`.`kept` AND (
          `t13`.`place` = 0
        ), `t13`.`nth`, NULL)) AS `l0`,
        MAX(IF(`t13`.`kept` AND (
          `t13`.`place` = 1
        ), `t13`.`nth`, NULL)) AS `l1`,
        MAX(IF(`t13`.`kept` AND (
          `t13`.`place` = 2
        ), `t13`.`nth`, NULL)) AS `l2`,
        MAX(IF(`t13`.`kept` AND (
          `t13`.`place` = 3
        ), `t13`.`nth`, NULL)) AS `l3`,
        MAX(IF(`t13`.`kept` AND (
          `t13`.`place` = 4
        ), `t13`.`nth`, NULL)) AS `l4`,
        MAX(IF(`t13`.`touched` AND (
          `t13`.`turn` = 0
        ), `t13`.`w_order`, NULL)) AS `n0`,
        MAX(IF(`t13`.`touched` AND (
          `t13`.`turn` = 1
        ), `t13`.`w_order`, NULL)) AS `n1`,
        MAX(IF(`t13`.`touched` AND (
          `t13`.`turn` = 2
        ), `t13`.`w_order`, NULL)) AS `n2`,
        MAX(IF(`t13`.`touched` AND (
          `t13`.`turn` = 3
        ), `t13`.`w_order`, NULL)) AS `n3`,
        MAX(IF(COALESCE(`t13`.`nth` = `t13`.`wrong_at`, FALSE), `t13`.`fault`, NULL)) AS `fault`,
        MAX(IF(COALESCE(`t13`.`nth` = `t13`.`wrong_at`, FALSE), `t13`.`cell`, NULL)) AS `cell`,
        MIN(`t13`.`wrong_at`) AS `wrong`,
        MAX(IF(COALESCE(`t13`.`nth` = `t13`.`wrong_at`, FALSE), `t13`.`w_currency`, NULL)) AS `wrong_currency`,
        SUM(CASE WHEN `t13`.`kept` THEN 1 ELSE 0 END) AS `kept`,
        COUNT(*) AS `rows`,
        SUM(CASE WHEN `t13`.`outside` AND NOT (
          `t13`.`again`
        ) THEN 1 ELSE 0 END) AS `outside`,
        SUM(CASE WHEN `t13`.`again` THEN 1 ELSE 0 END) AS `repeated`,
        MAX(CASE WHEN `t13`.`moved` THEN 1 ELSE 0 END) AS `countries`,
        COUNT(DISTINCT `t13`.`nth`) AS `lines`
      FROM (
        SELECT
          `t12`.`nth`,
          `t12`.`key`,
          `t12`.`outside`,
          `t12`.`fault`,
          `t12`.`cell`,
          `t12`.`w_customer`,
          `t12`.`w_email`,
          `t12`.`w_name`,
          `t12`.`w_locale`,
          `t12`.`w_country`,
          `t12`.`w_segment`,
          `t12`.`w_currency`,
          `t12`.`w_order`,
          `t12`.`v0`,
          `t12`.`v1`,
          `t12`.`v2`,
          `t12`.`t0`,
          `t12`.`b0`,
          `t12`.`x0`,
          `t12`.`t1`,
          `t12`.`b1`,
          `t12`.`x1`,
          `t12`.`t2`,
          `t12`.`b2`,
          `t12`.`x2`,
          `t12`.`alone`,
          `t12`.`inside`,
          `t12`.`numbered`,
          `t12`.`came`,
          `t12`.`again`,
          `t12`.`kept`,
          `t12`.`differs`,
          `t12`.`place`,
          `t12`.`good`,
          `t12`.`first_at`,
          `t12`.`is_first`,
          `t12`.`land`,
          `t12`.`first_currency`,
          `t12`.`first_land`,
          `t12`.`moved`,
          `t12`.`wrong_at`,
          `t12`.`touched`,
          ROW_NUMBER() OVER (PARTITION BY `t12`.`key`, `t12`.`alone`, `t12`.`touched` ORDER BY `t12`.`nth` ASC) - 1 AS `turn`
        FROM (
          SELECT
            `t11`.`nth`,
            `t11`.`key`,
            `t11`.`outside`,
            `t11`.`fault`,
            `t11`.`cell`,
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
            `t11`.`t0`,
            `t11`.`b0`,
            `t11`.`x0`,
            `t11`.`t1`,
            `t11`.`b1`,
            `t11`.`x1`,
            `t11`.`t2`,
            `t11`.`b2`,
            `t11`.`x2`,
            `t11`.`alone`,
            `t11`.`inside`,
            `t11`.`numbered`,
            `t11`.`came`,
            `t11`.`again`,
            `t11`.`kept`,
            `t11`.`differs`,
            `t11`.`place`,
            `t11`.`good`,
            `t11`.`first_at`,
            `t11`.`is_first`,
            `t11`.`land`,
            `t11`.`first_currency`,
            `t11`.`first_land`,
            `t11`.`moved`,
            `t11`.`wrong_at`,
            COALESCE(
              `t11`.`good`
              AND `t11`.`numbered`
              AND (
                (
                  `t11`.`v0` <> 0
                ) OR (
                  `t11`.`v1` <> 0
                ) OR `t11`.`v2`
              ),
              FALSE
            ) AS `touched`
          FROM (
            SELECT
              `t10`.`nth`,
              `t10`.`key`,
              `t10`.`outside`,
              `t10`.`fault`,
              `t10`.`cell`,
              `t10`.`w_customer`,
              `t10`.`w_email`,
              `t10`.`w_name`,
              `t10`.`w_locale`,
              `t10`.`w_country`,
              `t10`.`w_segment`,
              `t10`.`w_currency`,
              `t10`.`w_order`,
              `t10`.`v0`,
              `t10`.`v1`,
              `t10`.`v2`,
              `t10`.`t0`,
              `t10`.`b0`,
              `t10`.`x0`,
              `t10`.`t1`,
              `t10`.`b1`,
              `t10`.`x1`,
              `t10`.`t2`,
              `t10`.`b2`,
              `t10`.`x2`,
              `t10`.`alone`,
              `t10`.`inside`,
              `t10`.`numbered`,
              `t10`.`came`,
              `t10`.`again`,
              `t10`.`kept`,
              `t10`.`differs`,
              `t10`.`place`,
              `t10`.`good`,
              `t10`.`first_at`,
              `t10`.`is_first`,
              `t10`.`land`,
              `t10`.`first_currency`,
              `t10`.`first_land`,
              `t10`.`moved`,
              MIN(IF(`t10`.`fault` IS NOT NULL, `t10`.`nth`, NULL)) OVER (
                PARTITION BY `t10`.`key`, `t10`.`alone`
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS `wrong_at`
            FROM (
              SELECT
                `t9`.`nth`,
                `t9`.`key`,
                `t9`.`outside`,
                CASE
                  WHEN COALESCE(`t9`.`good` AND (
                    `t9`.`w_currency` <> `t9`.`first_currency`
                  ), FALSE)
                  THEN 'two currencies'
                  WHEN `t9`.`kept`
                  THEN `t9`.`fault`
                  WHEN `t9`.`differs`
                  THEN 'order'
                  ELSE CAST(NULL AS STRING)
                END AS `fault`,
                CASE
                  WHEN COALESCE(`t9`.`good` AND (
                    `t9`.`w_currency` <> `t9`.`first_currency`
                  ), FALSE)
                  THEN CONCAT(CONCAT(`t9`.`first_currency`, ' and '), `t9`.`w_currency`)
                  WHEN `t9`.`differs`
                  THEN CONCAT(
                    CONCAT(CONCAT(CONCAT(`t9`.`w_order`, ' '), CAST(`t9`.`came` AS STRING)), ' '),
                    CAST(`t9`.`nth` AS STRING)
                  )
                  ELSE `t9`.`cell`
                END AS `cell`,
                `t9`.`w_customer`,
                `t9`.`w_email`,
                `t9`.`w_name`,
                `t9`.`w_locale`,
                `t9`.`w_country`,
                `t9`.`w_segment`,
                `t9`.`w_currency`,
                `t9`.`w_order`,
                `t9`.`v0`,
                `t9`.`v1`,
                `t9`.`v2`,
                `t9`.`t0`,
                `t9`.`b0`,
                `t9`.`x0`,
                `t9`.`t1`,
                `t9`.`b1`,
                `t9`.`x1`,
                `t9`.`t2`,
                `t9`.`b2`,
                `t9`.`x2`,
                `t9`.`alone`,
                `t9`.`inside`,
                `t9`.`numbered`,
                `t9`.`came`,
                `t9`.`again`
                OR (
                  `t9`.`good` AND NOT (
                    `t9`.`numbered`
                  ) AND NOT (
                    `t9`.`is_first`
                  )
                ) AS `again`,
                `t9`.`kept`,
                `t9`.`differs`,
                `t9`.`place`,
                `t9`.`good`,
                `t9`.`first_at`,
                `t9`.`is_first`,
                `t9`.`land`,
                `t9`.`first_currency`,
                `t9`.`first_land`,
                COALESCE(
                  `t9`.`good`
                  AND (
                    (
                      `t9`.`land` <> ''
                    )
                    AND (
                      `t9`.`first_land` <> ''
                    )
                    AND (
                      `t9`.`land` <> `t9`.`first_land`
                    )
                  ),
                  FALSE
                ) AS `moved`
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
                  `t8`.`t0`,
                  `t8`.`b0`,
                  `t8`.`x0`,
                  `t8`.`t1`,
                  `t8`.`b1`,
                  `t8`.`x1`,
                  `t8`.`t2`,
                  `t8`.`b2`,
                  `t8`.`x2`,
                  `t8`.`alone`,
                  `t8`.`inside`,
                  `t8`.`numbered`,
                  `t8`.`came`,
                  `t8`.`again`,
                  `t8`.`kept`,
                  `t8`.`differs`,
                  `t8`.`place`,
                  `t8`.`good`,
                  `t8`.`first_at`,
                  `t8`.`is_first`,
                  UPPER(`t8`.`w_country`) AS `land`,
                  MAX(IF(`t8`.`is_first`, `t8`.`w_currency`, NULL)) OVER (
                    PARTITION BY `t8`.`key`, `t8`.`alone`
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                  ) AS `first_currency`,
                  MAX(IF(`t8`.`is_first`, UPPER(`t8`.`w_country`), NULL)) OVER (
                    PARTITION BY `t8`.`key`, `t8`.`alone`
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                  ) AS `first_land`
                FROM (
                  SELECT
                    `t7`.`nth`,
                    `t7`.`key`,
                    `t7`.`outside`,
                    `t7`.`fault`,
                    `t7`.`cell`,
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
                    `t7`.`t0`,
                    `t7`.`b0`,
                    `t7`.`x0`,
                    `t7`.`t1`,
                    `t7`.`b1`,
                    `t7`.`x1`,
                    `t7`.`t2`,
                    `t7`.`b2`,
                    `t7`.`x2`,
                    `t7`.`alone`,
                    `t7`.`inside`,
                    `t7`.`numbered`,
                    `t7`.`came`,
                    `t7`.`again`,
                    `t7`.`kept`,
                    `t7`.`differs`,
                    `t7`.`place`,
                    `t7`.`good`,
                    `t7`.`first_at`,
                    COALESCE(`t7`.`nth` = `t7`.`first_at`, FALSE) AS `is_first`
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
                      `t6`.`t0`,
                      `t6`.`b0`,
                      `t6`.`x0`,
                      `t6`.`t1`,
                      `t6`.`b1`,
                      `t6`.`x1`,
                      `t6`.`t2`,
                      `t6`.`b2`,
                      `t6`.`x2`,
                      `t6`.`alone`,
                      `t6`.`inside`,
                      `t6`.`numbered`,
                      `t6`.`came`,
                      `t6`.`again`,
                      `t6`.`kept`,
                      `t6`.`differs`,
                      `t6`.`place`,
                      `t6`.`good`,
                      MIN(IF(`t6`.`good`, `t6`.`nth`, NULL)) OVER (
                        PARTITION BY `t6`.`key`, `t6`.`alone`
                        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                      ) AS `first_at`
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
                        `t5`.`t0`,
                        `t5`.`b0`,
                        `t5`.`x0`,
                        `t5`.`t1`,
                        `t5`.`b1`,
                        `t5`.`x1`,
                        `t5`.`t2`,
                        `t5`.`b2`,
                        `t5`.`x2`,
                        `t5`.`alone`,
                        `t5`.`inside`,
                        `t5`.`numbered`,
                        `t5`.`came`,
                        `t5`.`again`,
                        `t5`.`kept`,
                        `t5`.`differs`,
                        `t5`.`place`,
                        `t5`.`kept` AND (
                          `t5`.`fault` IS NULL
                        ) AS `good`
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
                          `t4`.`t0`,
                          `t4`.`b0`,
                          `t4`.`x0`,
                          `t4`.`t1`,
                          `t4`.`b1`,
                          `t4`.`x1`,
                          `t4`.`t2`,
                          `t4`.`b2`,
                          `t4`.`x2`,
                          `t4`.`alone`,
                          `t4`.`inside`,
                          `t4`.`numbered`,
                          `t4`.`came`,
                          `t4`.`again`,
                          `t4`.`kept`,
                          `t4`.`differs`,
                          ROW_NUMBER() OVER (PARTITION BY `t4`.`key`, `t4`.`alone`, `t4`.`kept` ORDER BY `t4`.`nth` ASC) - 1 AS `place`
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
                            `t3`.`t0`,
                            `t3`.`b0`,
                            `t3`.`x0`,
                            `t3`.`t1`,
                            `t3`.`b1`,
                            `t3`.`x1`,
                            `t3`.`t2`,
                            `t3`.`b2`,
                            `t3`.`x2`,
                            `t3`.`alone`,
                            `t3`.`inside`,
                            `t3`.`numbered`,
                            `t3`.`came`,
                            `t3`.`again`,
                            `t3`.`inside` AND NOT (
                              `t3`.`again`
                            ) AS `kept`,
                            `t3`.`again`
                            AND (
                              (
                                NOT (
                                  `t3`.`b0`
                                )
                                AND (
                                  `t3`.`x0`
                                  OR COALESCE(
                                    `t3`.`t0` <> MAX(IF(`t3`.`nth` = `t3`.`came`, `t3`.`t0`, NULL)) OVER (
                                      PARTITION BY `t3`.`key`, `t3`.`alone`, `t3`.`w_order`
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                                    ),
                                    FALSE
                                  )
                                )
                              )
                              OR (
                                NOT (
                                  `t3`.`b1`
                                )
                                AND (
                                  `t3`.`x1`
                                  OR COALESCE(
                                    `t3`.`t1` <> MAX(IF(`t3`.`nth` = `t3`.`came`, `t3`.`t1`, NULL)) OVER (
                                      PARTITION BY `t3`.`key`, `t3`.`alone`, `t3`.`w_order`
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                                    ),
                                    FALSE
                                  )
                                )
                              )
                              OR (
                                NOT (
                                  `t3`.`b2`
                                )
                                AND (
                                  `t3`.`x2`
                                  OR COALESCE(
                                    `t3`.`t2` <> MAX(IF(`t3`.`nth` = `t3`.`came`, `t3`.`t2`, NULL)) OVER (
                                      PARTITION BY `t3`.`key`, `t3`.`alone`, `t3`.`w_order`
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                                    ),
                                    FALSE
                                  )
                                )
                              )
                            ) AS `differs`
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
                              `t2`.`t0`,
                              `t2`.`b0`,
                              `t2`.`x0`,
                              `t2`.`t1`,
                              `t2`.`b1`,
                              `t2`.`x1`,
                              `t2`.`t2`,
                              `t2`.`b2`,
                              `t2`.`x2`,
                              `t2`.`alone`,
                              `t2`.`inside`,
                              `t2`.`numbered`,
                              `t2`.`came`,
                              `t2`.`numbered` AND COALESCE(`t2`.`nth` > `t2`.`came`, FALSE) AS `again`
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
                                `t1`.`t0`,
                                `t1`.`b0`,
                                `t1`.`x0`,
                                `t1`.`t1`,
                                `t1`.`b1`,
                                `t1`.`x1`,
                                `t1`.`t2`,
                                `t1`.`b2`,
                                `t1`.`x2`,
                                `t1`.`alone`,
                                `t1`.`inside`,
                                `t1`.`numbered`,
                                MIN(IF(`t1`.`inside`, `t1`.`nth`, NULL)) OVER (
                                  PARTITION BY `t1`.`key`, `t1`.`alone`, `t1`.`w_order`
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                                ) AS `came`
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
                                  COALESCE(`t0`.`staff`, FALSE) AS `v2`,
                                  CASE WHEN COALESCE(`t0`.`staff`, FALSE) THEN 1 ELSE 0 END AS `t0`,
                                  TRIM(COALESCE(CAST(`t0`.`staff` AS STRING), ''), ' \t\n\r\v\f') = '' AS `b0`,
                                  FALSE AS `x0`,
                                  LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f')) AS `t1`,
                                  TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f') = '' AS `b1`,
                                  LENGTH(LOWER(TRIM(COALESCE(`t0`.`status`, ''), ' \t\n\r\v\f'))) > 300 AS `x1`,
                                  CAST(CAST(ROUND(
                                    CAST(CASE
                                      WHEN `t0`.`total` BETWEEN -1000000000000 AND 1000000000000
                                      THEN `t0`.`total`
                                      ELSE CAST('0.00' AS NUMERIC)
                                    END AS NUMERIC),
                                    2
                                  ) AS NUMERIC) AS NUMERIC) AS `t2`,
                                  TRIM(COALESCE(CAST(`t0`.`total` AS STRING), ''), ' \t\n\r\v\f') = '' AS `b2`,
                                  NOT (
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
                                  ) AS `x2`,
                                  CASE
                                    WHEN TRIM(COALESCE(`t0`.`customer_id`, ''), ' \t\n\r\v\f') = ''
                                    THEN `t0`.`nr`
                                    ELSE -1
                                  END AS `alone`,
                                  NOT (
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
                                    )
                                  ) AS `inside`,
                                  TRIM(COALESCE(`t0`.`order_id`, ''), ' \t\n\r\v\f') <> '' AS `numbered`
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
            ) AS `t10`
          ) AS `t11`
        ) AS `t12`
      ) AS `t13`
      GROUP BY
        1,
        2
    ) AS `t14`
  ) AS `t15`
) AS `t16`
WHERE
  `t16`.`kept` > 0
  AND (
    (
      `t16`.`fault` IS NOT NULL
    ) OR `t16`.`affected`
  )
ORDER BY
  `t16`.`wrong` ASC NULLS LAST,
  `t16`.`key` ASC NULLS LAST

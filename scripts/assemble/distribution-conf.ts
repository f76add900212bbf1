/** The configuration files of an assembled distribution. */

const LAYOUT = 'org.apache.log4j.PatternLayout';
const PATTERN = '%d{ISO8601} %-5p %c{1} [%t](%F:%L) - %m%n';

/** Appenders by the names that Alluxio's processes choose with `-Dalluxio.logger.type`, and their files. */
const LOG_FILES: Readonly<Record<string, string>> = {
  MASTER_LOGGER: 'master.log',
  WORKER_LOGGER: 'worker.log',
  JOB_MASTER_LOGGER: 'job_master.log',
  JOB_WORKER_LOGGER: 'job_worker.log',
  PROXY_LOGGER: 'proxy.log',
  USER_LOGGER: 'user_${user.name}.log',
};

function renderAppender([name, file]: readonly [string, string]): string {
  const appender = `log4j.appender.${name}`;
  const folder = name === 'USER_LOGGER' ? '${alluxio.user.logs.dir}' : '${alluxio.logs.dir}';
  return [
    `${appender}=org.apache.log4j.RollingFileAppender`,
    `${appender}.File=${folder}/${file}`,
    `${appender}.MaxFileSize=10MB`,
    `${appender}.MaxBackupIndex=10`,
    `${appender}.layout=${LAYOUT}`,
    `${appender}.layout.ConversionPattern=${PATTERN}`,
  ].join('\n');
}

export const LOG4J_PROPERTIES = [
  'log4j.rootLogger=INFO, ${alluxio.logger.type}',
  'log4j.appender.Console=org.apache.log4j.ConsoleAppender',
  'log4j.appender.Console.Target=System.err',
  `log4j.appender.Console.layout=${LAYOUT}`,
  `log4j.appender.Console.layout.ConversionPattern=${PATTERN}`,
  ...Object.entries(LOG_FILES).map(renderAppender),
  '',
].join('\n');

export const SITE_PROPERTIES_TEMPLATE = [
  '# Copy to alluxio-site.properties and set what your cluster needs.',
  '# alluxio.master.hostname=localhost',
  '# alluxio.master.mount.table.root.ufs=${alluxio.work.dir}/underFSStorage',
  '# alluxio.worker.ramdisk.size=1GB',
  '',
].join('\n');

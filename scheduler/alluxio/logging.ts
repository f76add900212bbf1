/** log4j 1 configuration of masters and workers: a file in the sandbox's `logs/`, under Alluxio's own name, and stdout. */

const LAYOUT = '%d{ISO8601} %-5p [%t](%F:%L) - %m%n';

function renderFileAppender(name: string, fileName: string): string {
  return `log4j.appender.${name}=org.apache.log4j.RollingFileAppender
log4j.appender.${name}.File=\${alluxio.logs.dir}/${fileName}
log4j.appender.${name}.MaxFileSize=10MB
log4j.appender.${name}.MaxBackupIndex=10
log4j.appender.${name}.layout=org.apache.log4j.PatternLayout
log4j.appender.${name}.layout.ConversionPattern=${LAYOUT}
`;
}

/** Loggers are chosen by `-Dalluxio.logger.type`, as in Alluxio's own file; its names are kept. */
export const LOG4J_PROPERTIES = `log4j.rootLogger=INFO, \${alluxio.logger.type}
log4j.logger.AUDIT_LOG=INFO, \${alluxio.master.audit.logger.type}
log4j.additivity.AUDIT_LOG=false
log4j.logger.io.grpc.netty=WARN
log4j.appender.Console=org.apache.log4j.ConsoleAppender
log4j.appender.Console.Target=System.out
log4j.appender.Console.layout=org.apache.log4j.PatternLayout
log4j.appender.Console.layout.ConversionPattern=${LAYOUT}
${renderFileAppender('MASTER_LOGGER', 'master.log')}${renderFileAppender('MASTER_AUDIT_LOGGER', 'master_audit.log')}${renderFileAppender('WORKER_LOGGER', 'worker.log')}`;

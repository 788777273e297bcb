package millrace.gateway.tenancy;

import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TenancyConfiguration {
  /// Around the pool, so that nobody gets a connection past it.
  @Bean
  static BeanPostProcessor tenantDataSource() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource pool ? new TenantDataSource(pool) : bean;
      }
    };
  }
}

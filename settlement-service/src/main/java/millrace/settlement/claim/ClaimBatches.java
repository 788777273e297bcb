package millrace.settlement.claim;

import org.springframework.data.jpa.repository.JpaRepository;

interface ClaimBatches extends JpaRepository<ClaimBatch, Long> {}

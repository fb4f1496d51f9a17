/** The Train screen: how the next run is set up, or one run as it goes. */
import type { ReactNode } from 'react';

export function TrainScreen(): ReactNode {
  return <div className="train" />;
}

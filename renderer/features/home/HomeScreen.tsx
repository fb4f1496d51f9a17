/** Home: the loop in three cards (see it draw, judge it, teach your own), and what lies on the shelf. */
import './home.css';
import { type ReactNode, useEffect } from 'react';
import { beginHome } from '../../state/home-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { DrawCard } from './DrawCard';
import { JudgeCard } from './JudgeCard';
import { Shelf } from './Shelf';
import { TeachCard } from './TeachCard';

export function HomeScreen(): ReactNode {
  const studio = useStudio();
  const isReady = useStudioState((state) => state.connection === 'ready');
  const models = useStudioState((state) => state.models);
  useEffect(() => {
    if (isReady) void beginHome(studio);
  }, [studio, isReady, models]);
  return (
    <div className="home">
      <div className="home-inner">
        <header className="home-head">
          <h1 className="text-24">One model draws, the other judges</h1>
          <p className="soft">See the pair at work, then teach your own. Everything stays on this machine.</p>
        </header>
        <div className="home-cards">
          <DrawCard />
          <JudgeCard />
          <TeachCard />
        </div>
        <Shelf />
      </div>
    </div>
  );
}

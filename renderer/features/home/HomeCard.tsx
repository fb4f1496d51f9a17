/** One card of the loop: a live picture above, what it is and one button below. */
import type { ReactNode } from 'react';
import { Tag } from '../../ui/parts';

interface HomeCardProps {
  step: number;
  voice: 'gen' | 'real' | 'slate';
  title: string;
  tag: string | null;
  picture: ReactNode;
  text: ReactNode;
  actions: ReactNode;
}

export function HomeCard({ step, voice, title, tag, picture, text, actions }: HomeCardProps): ReactNode {
  return (
    <section className="home-card" aria-label={title}>
      <div className="home-picture">{picture}</div>
      <div className="home-words">
        <div className="row">
          <span className={`home-step home-step-${voice}`} aria-hidden="true">
            {step}
          </span>
          <h2 className="text-15 grow">{title}</h2>
          {tag !== null && <Tag voice={voice}>{tag}</Tag>}
        </div>
        <p className="soft home-text">{text}</p>
        <div className="row wrap home-actions">{actions}</div>
      </div>
    </section>
  );
}

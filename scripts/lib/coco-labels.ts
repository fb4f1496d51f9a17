/** The 80 class names of the COCO data set, in the order of the detection models trained on it. */
export const cocoLabels: readonly string[] = (
  'person,bicycle,car,motorcycle, motorbike,airplane, aeroplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,' +
  'bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,' +
  'sports ball, ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,' +
  'bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut, doughnut,cake,chair,couch, sofa,potted plant,bed,dining table,' +
  'toilet,tv, television,laptop,mouse,remote,keyboard,cell phone, mobile phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,' +
  'teddy bear,hair drier, hair dryer,toothbrush'
).split(/,(?! )/); // a comma without a space parts two classes, with a space two synonyms

#!/usr/bin/env bash
# Makes the films of the demo modules: a clock that counts, so that a place in them can be told.
# Needs ffmpeg; the results are committed, so only whoever changes them runs this.
set -euo pipefail
cd "$(dirname "$0")/../public/media"
film() {
    local name=$1 seconds=$2 colour=$3 title=$4
    local text="fontcolor=white:x=(w-tw)/2"
    ffmpeg -loglevel error -y -f lavfi -i "color=c=$colour:s=640x360:r=4:d=$seconds" \
        -vf "drawtext=text='$title':fontsize=34:y=110:$text,drawtext=text='%{pts\:hms}':fontsize=46:y=180:$text,drawbox=x=40:y=300:w=560:h=2:color=white@0.4:t=fill" \
        -c:v libvpx-vp9 -b:v 0 -crf 50 -g 40 -deadline realtime -cpu-used 8 -an "$name.webm"
}
film mod_shop_basics 180 0x1d3a3f 'Shop basics'
film mod_laser_safety 240 0x3f2a1d 'Laser safety'

"""The one stylesheet. `@names` are the theme's colours and text sizes, filled in by `theme.make_stylesheet`.

No `::item` rules: with states chained they drew a border round the whole list and ignored heights; delegates
paint items. No `font-weight` on `:default`: it clips the button's text. Without `placeholder-text-color` the
placeholder is half transparent. Focus takes 2 px of border and gives 1 px of padding back, so nothing moves.
"""

from __future__ import annotations

STYLESHEET = """
QWidget#chrome, QMainWindow, QDialog { background: @window; }
QAbstractItemView { background: @canvas; border: none; outline: 0; }
QAbstractItemView#completions { background:@raised; border:1px solid @control; }
QAbstractItemView#nav { background: @window; padding: 8px; }

QPushButton, QToolButton {
  min-height: 28px; padding: 0 12px; border: 1px solid @control; border-radius: 6px;
  background: @raised; color: @text;
}
QToolButton[icononly="true"], QPushButton[icononly="true"] { min-width: 28px; padding: 0 1px; }
QPushButton:hover, QToolButton:hover { background: @hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: @pressed; }
QPushButton:default { background: @accent; color: @onaccent; border-color: @accent; }
QPushButton[quiet="true"], QToolButton[quiet="true"] { border-color: transparent; background: transparent; }
QPushButton[quiet="true"]:hover, QToolButton[quiet="true"]:hover { background: @hover; }
QPushButton[quiet="true"]:pressed, QToolButton[quiet="true"]:pressed,
QToolButton[quiet="true"]:checked { background: @pressed; }
QPushButton:disabled, QToolButton:disabled { color: @text3; border-color: @line; background: @raised; }
QPushButton[quiet="true"]:disabled, QToolButton[quiet="true"]:disabled {
  border-color: transparent; background: transparent;
}
QPushButton[quiet="true"]:checked { background: @accentfill; }
QPushButton[tab="true"] { border-radius: 0; border: none; border-bottom: 2px solid transparent; color: @text2; }
QPushButton[tab="true"]:hover { color: @text; background: @hover; }
QPushButton[tab="true"]:checked { background: transparent; color: @text; border-bottom: 2px solid @accent; }
QPushButton[tab="true"]:focus { border: 2px solid @accent; border-radius: 6px; padding: 0 10px; }
QFrame#card { background: @raised; border: 1px solid @line; border-radius: 8px; }
QFrame#card QLabel { background: transparent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QSpinBox {
  min-height: 30px; padding: 0 10px; border: 1px solid @control; border-radius: 6px;
  background: @raised; color: @text;
  selection-background-color: @accent; selection-color: @onaccent; placeholder-text-color: @text3;
}
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @control; padding: 4px; }

QPushButton:focus, QToolButton:focus { border: 2px solid @accent; padding: 0 11px; }
QToolButton[icononly="true"]:focus, QPushButton[icononly="true"]:focus { padding: 0; }
QPushButton[quiet="true"]:focus, QToolButton[quiet="true"]:focus { border-color: @accent; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { border: 2px solid @accent; padding: 0 9px; }
QPushButton:default:focus { border: 2px solid @text; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid @control; border-radius: 4px; background: @raised; }
QCheckBox::indicator:hover { background: @hover; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url("@tick"); }
QCheckBox::indicator:focus { border: 2px solid @accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus { border: 2px solid @text; width: 14px; height: 14px; }
QCheckBox:disabled { color: @text3; }
QCheckBox::indicator:disabled { border-color: @line; }

QProgressBar { min-height: 4px; max-height: 4px; border: none; border-radius: 2px; background: @line; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QFrame#status { background: @window; border: none; border-top: 1px solid @line; }

QSlider:horizontal { min-height: 28px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @line; }
QSlider::sub-page:horizontal { border-radius: 2px; background: @accent; }
QSlider::handle:horizontal {
  width: 14px; margin: -6px 0; border: 1px solid @control; border-radius: 8px; background: @raised;
}
QSlider::handle:horizontal:hover { background: @hover; }
QSlider::handle:horizontal:focus { border: 2px solid @accent; width: 12px; }

QScrollBar:vertical { width: 12px; background: transparent; }
QScrollBar:horizontal { height: 12px; background: transparent; }
QScrollBar::handle { background: @control; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: @window; }
QMenu { background: @raised; color: @text; border: 1px solid @control; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accentfill; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QToolTip { background: @raised; color: @text; border: 1px solid @control; padding: 4px 8px; }

QLabel[role="title"] { font-size: @title; font-weight: 600; }
QLabel[role="section"] { font-weight: 600; color: @text2; }
QLabel[role="quiet"] { color: @text2; }
QLabel[role="small"] { font-size: @small; color: @text2; }
QLabel[role="big"] { font-size: @big; font-weight: 600; }
QLabel[role="good"] { color: @good; }
QLabel[role="warn"] { color: @warn; }
QLabel[role="bad"] { color: @bad; }
"""
